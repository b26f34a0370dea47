"""headers.py: reads the C contract (sdk/include/baktainer/abi) for the tests and pages made from it.

Not a C parser: it knows how these headers are written, and its users hold it to what the compiler knows (a
struct whose fields were misread has holes, see layout.py).
"""
import pathlib
import re

COMMENT = re.compile(r'/\*(.*?)\*/', re.S)
STRUCT = re.compile(r'^(?:typedef )?struct (bkt_\w+) \{\n(.*?)^\}(?: bkt_\w+)?;', re.S | re.M)
ENUM = re.compile(r'^enum \{(.*?)\};', re.S | re.M)


class Field:
    """name, declaration (one line, as written), doc; `function` when it is a function pointer."""

    def __init__(self, declaration, doc):
        self.declaration = re.sub(r'\s+', ' ', declaration).strip()
        self.doc = doc
        pointer = re.search(r'\(\*(\w+)\)', self.declaration)
        self.function = pointer is not None
        plain = re.search(r'(\w+);$', self.declaration)
        self.name = pointer.group(1) if pointer else plain.group(1)


class Struct:
    def __init__(self, name, doc, fields):
        self.name, self.doc, self.fields = name, doc, fields


class Header:
    def __init__(self, path, doc, structs, constants, macros):
        self.path, self.doc, self.structs = path, doc, structs
        self.constants, self.macros = constants, macros  # (name, value, doc)


def words(comment):
    """A comment's text without its stars: a paragraph or an item of a list is one line."""
    text = ''
    for line in comment.strip().split('\n'):
        line = re.sub(r'^\s*\* ?', '', line).rstrip().replace('/ *', '/*')
        item = re.match(r'\s+- |\s\s\S.*\s{3}\S', line)
        last = text.rsplit('\n', 1)[-1]
        after_list = last.startswith('  ') and not line.startswith('  ')
        if not line or after_list:
            text += '\n\n' + line
        elif not text or item:
            text += ('\n' if text else '') + line
        else:
            text += ('' if text.endswith('\n') else ' ') + line.strip()
    return re.sub(r'\n{3,}', '\n\n', text).strip()


def comment_before(text, at):
    """The comment that ends on the line above `at`."""
    before = text[:at].rstrip(' \t')
    if not before.endswith('*/\n'):
        return ''
    return words(before[before.rindex('/*') + 2:-3])


def fields_of(body):
    fields, above, pending = [], '', ''
    position = 0
    while position < len(body):
        comment = re.compile(r'\s*/\*(.*?)\*/', re.S).match(body, position)
        if comment:
            same_line = '\n' not in body[position:body.index('/*', position)]
            if same_line and fields and not pending:
                fields[-1].doc = (fields[-1].doc + ' ' + words(comment.group(1))).strip()
            else:
                above = words(comment.group(1))
            position = comment.end()
            continue
        declaration = re.compile(r'\s*([^;/]+;)', re.S).match(body, position)
        if not declaration:
            break
        fields.append(Field(declaration.group(1), above))
        above, position = '', declaration.end()
    return fields


def constants_of(body):
    found = []
    for m in re.finditer(r'(BKT_\w+)\s*=\s*([-\w]+),?[ ]*(?:/\*(.*?)\*/)?', body, re.S):
        found.append((m.group(1), m.group(2), words(m.group(3) or '')))
    return found


def read(path, root):
    text = path.read_text()
    structs = []
    for m in STRUCT.finditer(text):
        doc = comment_before(text, m.start())
        if not doc:  # a forward typedef stands between
            line = text.rindex('\n', 0, m.start() - 1) + 1
            doc = comment_before(text, line)
        structs.append(Struct(m.group(1), doc, fields_of(m.group(2))))
    constants = [c for m in ENUM.finditer(text) for c in constants_of(m.group(1))]
    bare = COMMENT.sub('', text)
    if len(constants) != len(re.findall(r'BKT_\w+\s*=(?!=)', bare)):
        raise ValueError(f'{path}: a constant was not understood')
    if len(structs) != len(re.findall(r'struct \w+ \{', bare)):
        raise ValueError(f'{path}: a struct was not understood')
    macros = [(m.group(1), m.group(2), comment_before(text, m.start()))
              for m in re.finditer(r'^#define (BKT_\w+) (".*"|\d+u)$', text, re.M)]
    return Header(str(path.relative_to(root)), words(COMMENT.match(text).group(1)), structs,
                  constants, macros)


def read_all(include):
    """Every header below <include>/baktainer/abi, in the order a reader meets them."""
    root = pathlib.Path(include)
    order = ['abi.h', 'status.h', 'call.h', 'stream.h']
    base = root / 'baktainer' / 'abi'
    first = [base / name for name in order]
    rest = sorted(p for p in base.rglob('*.h') if p not in first)
    rest.sort(key=lambda p: ['kinds', 'services', 'draft'].index(p.parent.name))
    return [read(p, root) for p in first + rest]
