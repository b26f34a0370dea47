"""snippets.py SOURCE PAGE...: every block of code in the pages is cut from a file that is compiled or run.

Above each block stands `<!-- cut from FILE -->`; the block is a part of FILE, whole lines, word for word.
"""
import pathlib
import re
import sys

source, pages = pathlib.Path(sys.argv[1]), sys.argv[2:]
BLOCK = re.compile(r'(?:<!-- cut from (\S+) -->\n)?^```(\w*)\n(.*?)^```$', re.S | re.M)
failed, seen = 0, 0
for page in pages:
    for m in BLOCK.finditer((source / page).read_text()):
        file, _, code = m.groups()
        seen += 1
        line = (source / page).read_text()[:m.start()].count('\n') + 1
        if file is None:
            print(f'{page}:{line}: no "<!-- cut from FILE -->" above this block')
            failed = 1
        elif '\n' + code not in '\n' + (source / file).read_text():
            print(f'{page}:{line}: not, or no longer, in {file}:\n{code}')
            failed = 1
if not seen:
    sys.exit('no block of code was found')
sys.exit(failed)
