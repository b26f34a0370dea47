#!/bin/sh
# install.sh CMAKE BUILD PREFIX: installs the component sdk, and moves it: a package must not know
# where it lay. (Debug information in the tool may.)
set -eu
rm -rf "$3" "$3.first"
"$1" --install "$2" --component sdk --prefix "$3.first" >/dev/null
mv "$3.first" "$3"
if grep -rIl -e "$3.first" -e "$2" "$3"; then
    echo "the files above name the folder they were built or installed in"
    exit 1
fi
