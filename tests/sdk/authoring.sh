#!/bin/sh
# authoring.sh BAKTAINER PREFIX SOURCE WORK: does what docs/plugin-authoring.md tells its reader to do, and sees
# the event of a real backup arrive where the reader's notifier sends it.
set -eu
baktainer=$1 prefix=$2 source=$3 work=$4
rm -rf "$work"
mkdir -p "$work"
cd "$work"
PATH=$(dirname "$baktainer"):$PATH CMAKE_PREFIX_PATH=$prefix
export PATH CMAKE_PREFIX_PATH
sqlite3 notes.db 'create table note (text); insert into note values ("hello");'

# One request is taken, and its body kept. The port is the kernel's choice.
cat >receiver.py <<'PYTHON'
import http.server
class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        open('received', 'wb').write(self.rfile.read(int(self.headers['content-length'])))
        self.send_response(204)
        self.end_headers()
server = http.server.HTTPServer(('127.0.0.1', 0), Receiver)
server.timeout = 300
open('port', 'w').write(str(server.server_port))
server.handle_request()
PYTHON
python3 receiver.py 2>receiver.log &
receiver=$!
trap 'kill "$receiver" 2>/dev/null || true' EXIT
while [ ! -s port ]; do sleep 0.1; done
sed -e "s/localhost:8099/127.0.0.1:$(cat port)/" -e "s|/home/you|$work|" "$source/authoring/baktainer.yaml" >baktainer.yaml

# shellcheck source=tests/sdk/authoring/notifier.sh
. "$source/authoring/notifier.sh"
wait "$receiver" || { cat receiver.log; exit 1; }
grep -q '"type":"run.finished"' received
baktainer --config baktainer.yaml plugin list | grep -q 'com.example.pager .*worker'

# shellcheck source=tests/sdk/authoring/engine.sh
. "$source/authoring/engine.sh"
