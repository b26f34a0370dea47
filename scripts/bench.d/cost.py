"""cost.py: what one command costs: wall time, CPU of everybody who takes part, memory."""
import os, subprocess, sys, threading, time

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def stat(pid):
    """CPU seconds, resident bytes and group of one process; None when it is gone."""
    try:
        with open(f"/proc/{pid}/stat") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS, int(fields[21]) * PAGE, int(fields[2])
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return None


def processes():
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]


def docker_pids():
    """dockerd, containerd and shims: read by name, never signalled."""
    found = []
    for pid in processes():
        try:
            with open(f"/proc/{pid}/comm") as f:
                if f.read().strip().startswith(("dockerd", "containerd")):
                    found.append(pid)
        except OSError:
            pass
    return found


def cpu_of(pids):
    return sum(s[0] for s in map(stat, pids) if s)


def container_cpu(pid):
    """CPU seconds of the cgroup that process is in: the server, and the tools that ran beside it."""
    with open(f"/proc/{pid}/cgroup") as f:
        for line in f:
            _, controllers, path = line.rstrip("\n").split(":", 2)
            if "cpuacct" in controllers.split(","):
                with open(f"/sys/fs/cgroup/{controllers}{path}/cpuacct.usage") as usage:
                    return int(usage.read()) / 1e9
            if controllers == "" and os.path.exists(f"/sys/fs/cgroup{path}/cpu.stat"):
                with open(f"/sys/fs/cgroup{path}/cpu.stat") as usage:
                    return int(usage.readline().split()[1]) / 1e6
    return 0.0


class Peak(threading.Thread):
    """Largest sum of the resident memory of one process group."""

    def __init__(self, group):
        super().__init__(daemon=True)
        self.group, self.peak, self.stop = group, 0, threading.Event()

    def run(self):
        while not self.stop.wait(0.02):
            total = sum(s[1] for s in map(stat, processes()) if s and s[2] == self.group)
            self.peak = max(self.peak, total)


def measure(argv, server_pid=None):
    """wall, client, docker, server: seconds; peak: bytes. Ends the bench when the command fails."""
    pids = docker_pids()
    docker, server = cpu_of(pids), container_cpu(server_pid) if server_pid else 0.0
    began = time.monotonic()
    child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                             start_new_session=True)
    peak = Peak(child.pid)
    peak.start()
    error = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    peak.stop.set()
    peak.join()
    if child.returncode != 0:
        sys.exit(f"{' '.join(argv)} exited {child.returncode}: {error.decode(errors='replace')[-500:]}")
    return {"wall": wall, "client": usage.ru_utime + usage.ru_stime, "docker": cpu_of(pids) - docker,
            "server": (container_cpu(server_pid) - server) if server_pid else 0.0, "peak": peak.peak}


def interleaved(rivals, count, server_pid=None):
    """`count` rounds of every rival, in alternating order; one more before them warms the caches."""
    rounds = []
    for number in range(count + 1):
        order = list(rivals) if number % 2 else list(reversed(rivals))
        figures = {name: measure(rivals[name], server_pid) for name in order}
        if number:
            rounds.append(figures)
    return rounds
