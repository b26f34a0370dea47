"""What a report of ctest says, for scripts/test: python3 scripts/test.d/junit.py PRESET REPORT

The first line is "TESTS FAILED SKIPPED"; then a line for each test that failed, and for each that was skipped:
"FAILED PRESET: NAME: WHAT", "SKIPPED PRESET: NAME: REASON". Ends with 1 when there is no such report.
"""
import itertools
import re
import sys
import xml.etree.ElementTree

# What ctest calls a test that said itself that it cannot run here.
OWN_WORD = "SKIP_REGULAR_EXPRESSION_MATCHED"
LONGEST_WHAT = 900  # characters; all of it is in the report


def failure(output):
    """From the first failure that GoogleTest tells on, else the last lines, on one line."""
    lines = [line.strip() for line in output.splitlines() if line.strip() and not line.startswith("[--")]
    for i, line in enumerate(lines):
        if line.endswith(": Failure"):
            told = itertools.takewhile(lambda line: not line.startswith("[  FAILED  ]"), lines[i:])
            return " | ".join(told)[:LONGEST_WHAT]
    return " | ".join(lines)[-LONGEST_WHAT:]


def reason(output):
    """What GTEST_SKIP said, or the line a test printed with SKIPPED."""
    said = re.search(r": Skipped\n\s*(\S.*)|SKIPPED: (.*)", output)
    return next(filter(None, said.groups()), "") if said else "no reason given"


def main(preset, report):
    try:
        suite = xml.etree.ElementTree.parse(report).getroot()
    except (OSError, xml.etree.ElementTree.ParseError):
        return 1
    failed, skipped = [], []
    for case in suite.iter("testcase"):
        name, output = case.get("name"), case.findtext("system-out", "")
        not_run = case.find("skipped")
        if case.get("status") == "run":
            continue
        if not_run is not None and not_run.get("message") == OWN_WORD:
            skipped.append(f"SKIPPED {preset}: {name}: {reason(output)}")
        else:  # also one that could not even be started
            why = failure(output) or (not_run.get("message", "") if not_run is not None else "")
            failed.append(f"FAILED {preset}: {name}: {why}")
    print(len(list(suite.iter("testcase"))), len(failed), len(skipped))
    print(*failed, *skipped, sep="\n")
    return 0


sys.exit(main(*sys.argv[1:]))
