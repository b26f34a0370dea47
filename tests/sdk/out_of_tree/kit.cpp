// Every header of the installed test kit, in one program.
#include <baktainer/testing/fake_host.hpp>
#include <baktainer/testing/memory_parts.hpp>

int main() {
    bkt::testing::FakeHost host;
    host.config["url"] = "here";
    bkt::testing::FakeCall call(host.raw());
    return call.call().config("url") == "here" ? 0 : 1;
}
