"""report.py: the figures of some rounds, as ratios to one rival of the same round."""
import statistics


def ratios(rounds, name, reference, key="wall"):
    return sorted(r[name][key] / r[reference][key] for r in rounds)


def spread(values):
    return f"{values[0]:.2f}–{values[-1]:.2f}"


def table(title, rounds, reference):
    """A line for each rival: medians, and the wall's ratio to the reference with its spread."""
    print(f"\n{title}\n{'rival':<12} {'wall s':>7} {'wall ×':>7} {'spread':>11} {'client s':>9} {'docker s':>9} "
          f"{'server s':>9} {'cores':>6} {'peak MiB':>9}")
    for name in rounds[0]:
        def median(key):
            return statistics.median(r[name][key] for r in rounds)
        wall = ratios(rounds, name, reference)
        cpu = median("client") + median("docker") + median("server")
        print(f"{name:<12} {median('wall'):>7.2f} {statistics.median(wall):>7.2f} {spread(wall):>11} "
              f"{median('client'):>9.2f} {median('docker'):>9.2f} {median('server'):>9.2f} "
              f"{cpu / median('wall'):>6.2f} {max(r[name]['peak'] for r in rounds) / 2**20:>9.1f}", flush=True)
