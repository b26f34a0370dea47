# shellcheck shell=sh
# The engine of docs/plugin-authoring.md.

baktainer plugin new engine com.example.mydb

cmake -S mydb -B mydb/build -DCMAKE_BUILD_TYPE=Release
cmake --build mydb/build
ctest --test-dir mydb/build --output-on-failure

baktainer plugin check mydb/build/lib/baktainer/plugins/com.example.mydb/libmydb.so
