// One of two plugins that register the same file with protobuf.
#include <greeting.pb.h>

#include <baktainer/plugin.hpp>

struct Greeter final : bkt::Notifier {
    explicit Greeter(bkt::Call&) {}
    bkt::Status notify(bkt::Call&, const bkt::Event&) override { return {}; }
    // "greeting.proto: NAME 1 2 3", written as a message and read back.
    bkt::Result<std::string> health(bkt::Call&) override {
        acme::Greeting said, heard;
        said.set_name(GREETER_NAME);
        for (const int n : {1, 2, 3}) said.add_numbers(n);
        if (!heard.ParseFromString(said.SerializeAsString()))
            return bkt::Error{bkt::Code::corrupt, "it cannot be read"};
        std::string text(heard.GetDescriptor()->file()->name());
        text += ": " + heard.name();
        for (const int n : heard.numbers()) text += " " + std::to_string(n);
        return text;
    }
};

BKT_PLUGIN(GREETER_ID, "1.0.0", GREETER_NAME, Greeter)
