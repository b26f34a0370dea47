"""plugins.py: what a plugin costs: loading, a call, opening, a stream; in this process and in a worker."""
import os, subprocess, sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")


def run(_):
    build = os.path.join(ROOT, "build/release")
    subprocess.run(["cmake", "--preset", "release", "-DBAKTAINER_TESTS=ON"], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", build, "--target", "plugin_bench"], check=True, stdout=subprocess.DEVNULL)
    sys.exit(subprocess.run([os.path.join(build, "tests/plugin_bench")]).returncode)
