# shellcheck shell=bash
# daemon.sh - one Docker daemon of the lab: start, find, stop. Sourced by scripts/lab.
#
# A daemon NAME is the folder $LAB/NAME: data (images, containers), exec, docker.sock, docker.pid,
# dockerd.log, and what was decided for it: bridge, args, engine (the Debian release it is of, when not the
# machine's own), or borrowed (the address of a daemon that is not ours and that we never stop).

dir_of() { printf '%s/%s' "$LAB" "$1"; }
daemons() { find "$LAB" -mindepth 2 -maxdepth 2 \( -name args -o -name borrowed \) -printf '%h\n' 2>/dev/null | xargs -rn1 basename | sort -u; }
host_of() { cat "$(dir_of "$1")/borrowed" 2>/dev/null || printf 'unix://%s/docker.sock\n' "$(dir_of "$1")"; }
on() { # on NAME COMMAND...: with that daemon as Docker's
    local host; host=$(host_of "$1"); shift
    env -u DOCKER_TLS_VERIFY -u DOCKER_CERT_PATH -u DOCKER_CONTEXT DOCKER_HOST="$host" "$@"
}
answers() { [ -d "$(dir_of "$1")" ] && on "$1" timeout 10 docker version >/dev/null 2>&1; }

# Prints its process id when it is alive. A pid file outlives its process, and the number may be
# another's by now: the command line must be ours.
pid_of() {
    local dir pid; dir=$(dir_of "$1")
    pid=$(cat "$dir/docker.pid" 2>/dev/null) && [ -n "$pid" ] || return 1
    tr "\0" "\n" 2>/dev/null <"/proc/$pid/cmdline" | grep -xF "$dir/docker.pid" >/dev/null && printf '%s\n' "$pid"
}

start() { # start NAME DOCKERD_ARGUMENT...
    local name=$1 dir; shift
    dir=$(dir_of "$name")
    if answers "$name"; then
        [ -f "$dir/borrowed" ] || [ "$*" = "$(cat "$dir/args")" ] ||
            die "daemon '$name' runs with other arguments: scripts/lab stop --name $name first"
        return 0
    fi
    if [ "$(id -u)" != 0 ]; then borrow "$name"; return; fi
    command -v dockerd >/dev/null || { skip "$name" "dockerd is not installed: run scripts/deps --lab"; return 1; }
    mkdir -p "$dir"
    printf '%s\n' "$*" >"$dir/args"
    if [ -n "$engine" ]; then
        engine_usr "$engine" >"$dir/engine" || { skip "$name" "the engine of Debian $engine could not be fetched"; return 1; }
    fi
    join_bridge "$dir" || { skip "$name" "a network bridge cannot be made here"; return 1; }
    launch "$dir" "$@"
    wait_until_it_answers "$name"
}

# Not root: a daemon of somebody else will do, where it lets us in.
borrow() {
    local dir; dir=$(dir_of "$1")
    if timeout 10 docker version >/dev/null 2>&1; then
        mkdir -p "$dir"
        printf '%s\n' "${DOCKER_HOST:-unix:///var/run/docker.sock}" >"$dir/borrowed"
    else
        skip "$1" "starting a Docker daemon needs root, and none answers this user: run sudo scripts/lab up"
        return 1
    fi
}

# A bridge of its own: two daemons must not share docker0. The number is free when the kernel lets
# us have the name, which also decides between two labs that start at once. The subnets follow it.
join_bridge() {
    local dir=$1 n
    if n=$(cat "$dir/bridge" 2>/dev/null) && ip link show "bktlab$n" >/dev/null 2>&1; then return; fi
    for n in {0..255}; do
        ip link add "bktlab$n" type bridge 2>/dev/null || continue
        printf '%s\n' "$n" >"$dir/bridge"
        ip addr add "10.213.$n.1/24" dev "bktlab$n" && ip link set "bktlab$n" up
        return
    done
    return 1
}

# A containerd of the system's is shared where there is one, so the namespaces are our own.
launch() {
    local dir=$1 n; shift
    n=$(cat "$dir/bridge")
    # Its containerd dies with it, but may stay a zombie under an init that does not reap; dockerd
    # would take that for one it can use.
    rm -f "$dir/docker.pid" "$dir/exec/containerd/containerd.pid"
    printf '{}\n' >"$dir/daemon.json" # not /etc/docker/daemon.json, which is the system daemon's
    local start_as=(setsid)
    [ ! -s "$dir/engine" ] || start_as=(in_engine "$(cat "$dir/engine")")
    "${start_as[@]}" dockerd --config-file "$dir/daemon.json" \
        --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/docker.pid" \
        --host "unix://$dir/docker.sock" --bridge "bktlab$n" \
        --default-address-pool "base=10.214.$n.0/24,size=28" --iptables=false --ip-forward=false \
        --containerd-namespace "bktlab$n" --containerd-plugins-namespace "bktlab$n-plugins" \
        --shutdown-timeout 5 "$@" </dev/null >"$dir/dockerd.log" 2>&1 9>&- &
}

wait_until_it_answers() {
    local name=$1 dir i; dir=$(dir_of "$name")
    for ((i = 0; i < 300; i++)); do
        if answers "$name"; then return; fi
        # Dead already? Give it a second to write its pid file first.
        [ "$i" -lt 10 ] || pid_of "$name" >/dev/null || break
        sleep 0.1
    done
    tail -n 5 "$dir/dockerd.log" >&2
    skip "$name" "dockerd does not start here: $(tail -n 1 "$dir/dockerd.log")"
    return 1
}

stop() { # stop NAME [KEEP]
    local name=$1 keep=${2:-0} dir pid i; dir=$(dir_of "$name")
    [ -d "$dir" ] || return 0
    if [ -f "$dir/borrowed" ]; then rm -rf "$dir"; return; fi
    # One that was killed left its containers running; only its like can end them.
    if ! pid_of "$name" >/dev/null && [ -n "$(ls -A "$dir/data/containers" 2>/dev/null)" ]; then
        launch "$dir"
        wait_until_it_answers "$name" || say "daemon '$name' could not be asked to end its containers"
    fi
    if [ "$keep" = 0 ] && answers "$name"; then
        on "$name" docker ps -aq | on "$name" xargs -r docker rm -fv >/dev/null
        on "$name" docker network prune -f >/dev/null # their bridges would stay
    fi
    if pid=$(pid_of "$name"); then
        kill "$pid"
        for ((i = 0; i < 300; i++)); do pid_of "$name" >/dev/null || break; sleep 0.1; done
        ! pid_of "$name" >/dev/null || die "daemon '$name' (process $pid) does not end: see $dir/dockerd.log"
    fi
    [ "$keep" = 0 ] || return 0
    ip link del "bktlab$(cat "$dir/bridge" 2>/dev/null)" 2>/dev/null || true
    # Where / is not shared, dockerd has bound its data folder to itself.
    awk -v d="$dir/" 'index($2, d) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r umount -l
    rm -rf --one-file-system "$dir"
}
