"""reference.py INCLUDE CC WORK SOURCE: holds docs/reference/abi.md equal to the headers' comments."""
import pathlib
import re
import sys

import golden
import headers

include, _, _, source = sys.argv[1:5]
GITHUB = '../../sdk/include/'
TITLES = {'kinds': 'Kinds of plugins', 'services': 'What the host offers', 'draft': 'Drafts'}


def cell(text):
    return text.replace('|', '\\|').replace('\n', ' ') if text else '–'


def signature(field):
    """`notify(self, call, event) -> bkt_rc`; a value is its type."""
    declaration = field.declaration.replace(' BKT_NX', '').replace(')BKT_NX', ')')
    if not field.function:
        return re.sub(r'\s*\b%s;$' % field.name, '', declaration)
    result, arguments = re.fullmatch(r'(.*?)\(\*\w+\)\((.*)\);', declaration).groups()
    return f'{result.strip()} ({arguments})'


def table(rows, heads):
    lines = ['| ' + ' | '.join(heads) + ' |', '|' + '---|' * len(heads)]
    return '\n'.join(lines + ['| ' + ' | '.join(row) + ' |' for row in rows]) + '\n'


def page_of(header):
    page = f'## {header.path.split("/abi/")[1]}\n\n'
    # A list in a comment is set apart by its indentation alone.
    doc = re.sub(r'(?<!\n)\n(?=  )', '\n\n', header.doc, count=1)
    doc = re.sub(r'^  ([^-\s].*?)[ ]{3,}(\S)', r'  - `\1`: \2', doc, flags=re.M)
    page += f'[source]({GITHUB}{header.path}). {doc}\n'
    if header.macros:
        page += '\n' + table([[f'`{name}`', f'`{value}`', cell(doc)]
                              for name, value, doc in header.macros], ['macro', 'value', ''])
    if header.constants:
        page += '\n' + table([[f'`{name}`', value, cell(doc)]
                              for name, value, doc in header.constants], ['constant', 'value', ''])
    for struct in header.structs:
        page += f'\n### {struct.name}\n\n'
        page += f'{struct.doc}\n\n' if struct.doc and struct.doc != header.doc else ''
        page += table([[f'`{f.name}`', f'`{signature(f)}`', cell(f.doc)] for f in struct.fields],
                      ['field', 'type', ''])
    return page


page = ('<!-- Made from the headers\' comments by tests/abi/reference.py (UPDATE_GOLDEN=1); do not edit. '
        '-->\n\n# The plugin interface\n\nEvery struct, function and constant of '
        '[sdk/include/baktainer/abi](../../sdk/include/baktainer/abi), in its own words. Rules: '
        '[abi/policy](../abi/policy.md). First steps: [plugin-authoring](../plugin-authoring.md). A word '
        'in brackets at the end of a function\'s text is the thread it is called on: *control* = entry, '
        'init and deinit, one at a time; *op* = calls on an instance; *pipeline* = taps; *any* = safe '
        'from every thread.\n')
room = ''
for header in headers.read_all(include):
    parts = header.path.split('/')
    if len(parts) == 4 and parts[2] != room:
        room = parts[2]
        page += f'\n# {TITLES[room]}\n'
    page += '\n' + page_of(header)

golden.hold(pathlib.Path(source) / '../../docs/reference/abi.md', page)
