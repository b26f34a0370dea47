"""gate_test.py INCLUDE CC WORK SOURCE: proves that gate.py lets appended fields through and nothing else."""
import os
import pathlib
import shutil
import subprocess
import sys

include, cc, work, source = sys.argv[1:5]
PASSES, BREAKS, APPENDS = 0, 1, 3  # how gate.py ends

NOTIFY = 'bkt_rc (*notify)(void *self, const bkt_call *call, const bkt_event *event) BKT_NX;'
CLOSE = 'void (*close)(void *self) BKT_NX;'
LAST = 'const void *(*extension)(void *self, bkt_str id) BKT_NX;'
NOTIFIER, EVENT, MODULE = 'kinds/notifier.h', 'kinds/notifier.h', 'abi.h'
JSON = 'bkt_str json;'
EXPERIMENTAL = 'uint64_t experimental_count;'

# name | header | what is replaced | by what | how the gate must end
CASES = [
    ('nothing changed', NOTIFIER, NOTIFY, NOTIFY, PASSES),
    ('a comment changed', NOTIFIER, NOTIFY, NOTIFY + ' /* new words */', PASSES),
    ('a method appended', NOTIFIER, LAST, LAST + ' void (*more)(void *self) BKT_NX;', APPENDS),
    ('a value appended', EVENT, JSON, JSON + ' uint64_t more;', APPENDS),
    ('a method inserted', NOTIFIER, NOTIFY, NOTIFY + ' void (*more)(void *self) BKT_NX;', BREAKS),
    ('a value inserted', EVENT, JSON, 'uint64_t more; ' + JSON, BREAKS),
    ('the last method removed', NOTIFIER, LAST, '', BREAKS),
    ('a method in the middle removed', NOTIFIER, NOTIFY, '', BREAKS),
    ('one removed and one appended', NOTIFIER, LAST, 'void (*more)(void *self) BKT_NX;', BREAKS),
    ('one removed, two appended', EVENT, 'bkt_str type; ', '', BREAKS),
    ('two methods changed places', NOTIFIER, NOTIFY, None, BREAKS),
    ('a parameter appended', NOTIFIER, NOTIFY, NOTIFY.replace('*event)', '*event, int32_t n)'), BREAKS),
    ('a result retyped', NOTIFIER, CLOSE, CLOSE.replace('void (', 'bkt_rc (', 1), BREAKS),
    ('a value made wider', EVENT, 'int32_t severity;', 'int64_t severity;', BREAKS),
    ('a value made unsigned', EVENT, 'int32_t severity;', 'uint32_t severity;', BREAKS),
    ('a field of the module inserted', MODULE, EXPERIMENTAL, 'uint64_t more; ' + EXPERIMENTAL, BREAKS),
]

environment = {k: v for k, v in os.environ.items() if k != 'UPDATE_GOLDEN'}
failed = 0
for name, header, old, new, want in CASES:
    copy = pathlib.Path(work) / 'mutant'
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(include, copy / 'include')
    path = copy / 'include/baktainer/abi' / header
    text = path.read_text()
    if new is None:  # close and notify change places
        changed = text.replace(NOTIFY, '@').replace(CLOSE, NOTIFY).replace('@', CLOSE)
    else:
        changed = text.replace(old, new)
    if name == 'one removed, two appended':
        changed = text.replace('bkt_str title;', '').replace(
            JSON, JSON + ' bkt_str more; uint64_t most;')
    if old not in text and name != 'one removed, two appended':
        print(f"case '{name}': '{old}' is no longer in {header}")
        failed = 1
    path.write_text(changed)
    ended = subprocess.run([sys.executable, f'{source}/gate.py', copy / 'include', cc, copy, source],
                           env=environment, capture_output=True, text=True)
    if ended.stdout.startswith('SKIPPED'):
        print(ended.stdout, end='')
        sys.exit(0)
    if ended.returncode != want:
        print(f"case '{name}': the gate ended with {ended.returncode}, not {want}\n"
              f'{ended.stdout}{ended.stderr}')
        failed = 1
sys.exit(failed)
