"""layout.py INCLUDE CC WORK SOURCE: holds SOURCE/layout.c and SOURCE/abi_anchor.c equal to the headers.

layout.c asserts the size of every struct, the offset of every field and the value of every constant, as they
are on x86_64; compiling it is the test, there and on aarch64, whose layout is the same. abi_anchor.c returns a
pointer to every struct, so that abidw sees them all.
"""
import subprocess
import sys

import golden
import headers

include, cc, work, source = sys.argv[1:5]
everything = headers.read_all(include)
structs = [s for h in everything for s in h.structs]
constants = [c for h in everything for c in h.constants]
includes = ''.join(sorted(f'#include "{h.path}"\n' for h in everything))
MADE = '/* Made from the headers by tests/abi/layout.py (UPDATE_GOLDEN=1); do not edit. '


def measured():
    """name -> value of everything the compiler must tell: "struct", "struct.field", "struct.field size"."""
    probe = includes + '#include <stdio.h>\nint main(void) {\n'
    for s in structs:
        probe += f'    printf("{s.name}=%zu\\n", sizeof({s.name}));\n'
        for f in s.fields:
            probe += (f'    printf("{s.name}.{f.name}=%zu\\n", offsetof({s.name}, {f.name}));\n'
                      f'    printf("{s.name}.{f.name} size=%zu\\n", '
                      f'sizeof((({s.name} *)0)->{f.name}));\n')
    for name, _, _ in constants:
        probe += f'    printf("{name}=%d\\n", (int){name});\n'
    probe += '    return 0;\n}\n'
    with open(f'{work}/probe.c', 'w') as out:
        out.write(probe)
    subprocess.run([cc, '-std=c11', f'-I{include}', f'{work}/probe.c', '-o', f'{work}/probe'],
                   check=True)
    said = subprocess.run([f'{work}/probe'], check=True, capture_output=True, text=True).stdout
    return dict(line.split('=') for line in said.splitlines())


value = measured()

# Fields follow each other without a hole: so none was overlooked here, and none depends on the padding of a
# machine.
for s in structs:
    at = 0
    for f in s.fields:
        if int(value[f'{s.name}.{f.name}']) != at:
            sys.exit(f'{s.name}.{f.name}: at {value[f"{s.name}.{f.name}"]}, expected at {at}: a hole '
                     'or a field that tests/abi/headers.py did not understand')
        at += int(value[f'{s.name}.{f.name} size'])
    if at != int(value[s.name]):
        sys.exit(f'{s.name}: {value[s.name]} bytes, but its fields end at {at}')

layout = (MADE + '*/\n/* The layout every 64-bit machine shares, and the value of every constant. */\n'
          '#include <assert.h>\n\n' + includes)
for s in structs:
    layout += f'\nstatic_assert(sizeof({s.name}) == {value[s.name]}, "{s.name}");\n'
    for f in s.fields:
        at = value[f'{s.name}.{f.name}']
        layout += f'static_assert(offsetof({s.name}, {f.name}) == {at}, "{s.name}.{f.name}");\n'
layout += '\n'
for name, _, _ in constants:
    layout += f'static_assert((int){name} == {value[name]}, "{name}");\n'
layout += 'extern int baktainer_layout_holds;\n'

anchor = (MADE + '*/\n/* One function for each struct of the contract: what abidw sees of it. Not of draft/, whose '
          'shape\n * is promised to nobody. */\n' + ''.join(line for line in includes.splitlines(True)
                                                          if '/draft/' not in line))
for s in (s for h in everything if '/draft/' not in h.path for s in h.structs):
    anchor += f'\nconst {s.name}* anchor_{s.name}(void);\n'
    anchor += f'const {s.name}* anchor_{s.name}(void) {{ return 0; }}\n'
anchor += '\nconst bkt_module* bkt_module_v0(void);\n'
anchor += 'const bkt_module* bkt_module_v0(void) { return 0; }\n'

golden.hold(f'{source}/layout.c', layout)
golden.hold(f'{source}/abi_anchor.c', anchor)
