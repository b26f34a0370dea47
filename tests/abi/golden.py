"""golden.py: holds a made file equal to the committed one; UPDATE_GOLDEN=1 renews it, to be reviewed as a
diff."""
import difflib
import os
import pathlib
import sys


def hold(path, text):
    path = pathlib.Path(path)
    if os.environ.get('UPDATE_GOLDEN'):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    there = path.read_text() if path.exists() else ''
    if there == text:
        return
    sys.stdout.writelines(difflib.unified_diff(there.splitlines(True), text.splitlines(True),
                                               f'{path} (committed)', f'{path} (made)'))
    sys.exit(f'{path} is out of date: run with UPDATE_GOLDEN=1 and review the diff')
