"""gate.py INCLUDE CC WORK SOURCE: holds the contract's shape to the committed baseline.

Two questions, in this order. Did a struct change otherwise than by appended fields? Then the change breaks
plugins and needs a new major. Did it change at all? Then the baseline is renewed by UPDATE_GOLDEN=1, in the
commit that changes the header. Until v1 is frozen (docs/abi/policy.md) UPDATE_GOLDEN=1 accepts the first kind
too, and says what it accepts. Ends with 1 for the first, 3 for the second.

abidiff finds the changes; what is an append is read from its report, line by line. Its own suppression
`has_data_member_inserted_at = end` is not enough: abigail 2.2 also hides with it a struct in which nothing was
inserted, so reordered and retyped fields would pass (gate_test.py has the cases).
"""
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys

include, cc, work, source = sys.argv[1:5]
if platform.machine() != 'x86_64' or not shutil.which('abidiff'):
    print('SKIPPED: abidiff compares x86_64 shapes only, and must be installed (scripts/deps --test)')
    sys.exit(0)
baseline = pathlib.Path(source) / 'baseline' / 'v0.abi'
library, now = f'{work}/abi_anchor.so', f'{work}/now.abi'
updating = bool(os.environ.get('UPDATE_GOLDEN'))


def describe():
    """Writes the headers' shape to `now`: no paths and no line numbers."""
    subprocess.run([cc, '-std=c11', '-g', '-O0', '-shared', '-fPIC', f'-I{include}',
                    f'{source}/abi_anchor.c', '-o', library], check=True)
    subprocess.run(['abidw', '--no-show-locs', '--no-corpus-path', '--no-comp-dir-path',
                    '--no-elf-needed', '--type-id-style', 'hash', '--out-file', now, library],
                   check=True)


def abidiff(*options):
    told = subprocess.run(['abidiff', '--leaf-changes-only', *options, str(baseline), now],
                          capture_output=True, text=True)
    if told.returncode & 3:
        sys.exit(f'abidiff: {told.stdout}{told.stderr}')
    return told.stdout if told.returncode else ''


ALLOWED = [
    r'',
    r'Leaf changes summary: .*',
    r'Changed leaf types summary: .*',
    r'Removed/Changed/Added (functions|variables) summary: 0 Removed, 0 Changed, \d+ Added .*',
    r"'struct bkt_\w+' changed:",
    r'  \d+ data member insertions?:',
]


def breaks(report):
    """The first line of a report that tells more than appended fields, or None."""
    size = 0
    for line in report.splitlines():
        grown = re.fullmatch(r'  type size changed from (\d+) to (\d+) \(in bits\)', line)
        inserted = re.fullmatch(r"    '.*', at offset (\d+) \(in bits\)", line)
        if grown and int(grown.group(2)) > int(grown.group(1)):
            size = int(grown.group(1))
        elif inserted and int(inserted.group(1)) >= size > 0:
            continue
        elif line.startswith("'struct"):
            size = 0
        elif not any(re.fullmatch(form, line) for form in ALLOWED):
            return line
    return None


describe()
if not baseline.exists():
    if not updating:
        sys.exit(f'{baseline} is missing: run with UPDATE_GOLDEN=1')
    baseline.parent.mkdir(exist_ok=True)
    shutil.copy(now, baseline)
report = abidiff('--no-added-syms')
broken = breaks(report)
if broken is not None:
    print(report)
    print(f'plugins built before would break: {broken.strip()}\nfields may only be appended')
    if not updating:
        sys.exit(1)
changed = abidiff()
if changed and updating:
    shutil.copy(now, baseline)
elif changed:
    print(changed)
    print(f'{baseline} is out of date: run with UPDATE_GOLDEN=1 and review the diff')
    sys.exit(3)
