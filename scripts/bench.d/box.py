"""box.py: a database in a container of its own, and baktainer configured to back it up."""
import os, subprocess, sys, time

DOCKER = "/usr/bin/docker" if os.path.exists("/usr/bin/docker") else "docker"
PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../build/release/bin/baktainer")


def docker(*args, **kw):
    return subprocess.run([DOCKER, *args], check=True, capture_output=True, text=True, **kw).stdout.strip()


class Box:
    """Use with `with`: it is removed at the end, with its volumes, unless `keep`."""

    def __init__(self, name, image, options=(), labels=(), ready="true", keep=False):
        self.name, self.image, self.keep, self.ready = f"baktainer-bench-{name}", image, keep, ready
        self.options, self.labels = options, ["baktainer.backup=true", f"baktainer.name={self.name}", *labels]

    def __enter__(self):
        subprocess.run([DOCKER, "rm", "-fv", self.name], capture_output=True)
        labels = [word for label in self.labels for word in ("--label", label)]
        docker("run", "-d", "--name", self.name, *labels, *self.options, self.image)
        for _ in range(300):
            if subprocess.run([DOCKER, "exec", self.name, "sh", "-c", self.ready], capture_output=True).returncode == 0:
                return self
            time.sleep(0.2)
        sys.exit("the database did not start: docker logs " + self.name)

    def __exit__(self, *_):
        if not self.keep:
            subprocess.run([DOCKER, "rm", "-fv", self.name], capture_output=True)

    def pid(self):
        return int(docker("inspect", "-f", "{{.State.Pid}}", self.name))

    def sh(self, script, text=""):
        """Runs a script in the container; what it reads is `text`."""
        done = subprocess.run([DOCKER, "exec", "-i", self.name, "sh", "-euc", script], input=text, text=True,
                              capture_output=True)
        if done.returncode != 0:
            sys.exit(f"{self.name}: {done.stderr[-500:]}")
        return done.stdout.strip()


def backup(program, home, box, name, more="", labels=None, transport="auto"):
    """The command that backs the box up, with a configuration of its own."""
    config = os.path.join(home, f"{name}.yaml")
    socket = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    defaults = "".join(f", {key}: {value}" for key, value in (labels or {}).items()).lstrip(", ")
    with open(config, "w") as f:
        f.write(f"host: bench\nstate_dir: {home}/state\nstores: {{ disk: {{ type: local, path: {home}/store }} }}\n"
                f"discovery: {{ docker: {{ socket: \"{socket}\", transport: {transport} }} }}\n{more}")
        if defaults:
            f.write(f"defaults: {{ {defaults} }}\n")
    return [program, "--config", config, "-q", "backup", box.name]


def piped(box, dump, home):
    """The reference: the database's own tool in the container, piped through zstd to a file. `dump` is for sh."""
    return ["bash", "-o", "pipefail", "-c", 'exec_in() { "$DOCKER" exec "$BOX" sh -euc "$1"; }\n'
            'DOCKER=$1 BOX=$2; exec_in "$3" | zstd -q -3 -T0 -f -o "$4"', "piped", DOCKER, box.name, dump,
            f"{home}/reference.zst"]
