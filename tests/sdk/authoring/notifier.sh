# shellcheck shell=sh
# The notifier of docs/plugin-authoring.md, step by step; the page is cut from here.

baktainer plugin new notifier com.example.pager

cmake -S pager -B pager/build -DCMAKE_BUILD_TYPE=Release
cmake --build pager/build
ctest --test-dir pager/build --output-on-failure

baktainer plugin check pager/build/lib/baktainer/plugins/com.example.pager/libpager.so

cmake --install pager/build --prefix installed

baktainer --config baktainer.yaml plugin list
baktainer --config baktainer.yaml backup --all
