"""What a report of ctest says, for scripts/test: python3 scripts/test.d/junit.py PRESET REPORT

The first line is "TESTS FAILED SKIPPED"; then a line for each test that failed, and for each that was skipped:
"FAILED PRESET: NAME: WHAT", "SKIPPED PRESET: NAME: REASON". Ends with 1 when there is no such report.
"""
import itertools
import re
import sys
import xml.etree.ElementTree

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
        if case.get("status") == "fail":
            failed.append(f"FAILED {preset}: {name}: {failure(output)}")
        elif case.find("skipped") is not None or case.get("status") == "disabled":
            skipped.append(f"SKIPPED {preset}: {name}: {reason(output)}")
    print(len(list(suite.iter("testcase"))), len(failed), len(skipped))
    print(*failed, *skipped, sep="\n")
    return 0


sys.exit(main(*sys.argv[1:]))
