// An engine that uses all an engine is given: settings, secrets, tools, facts, a validator, a recipe.
#include <baktainer/plugin.hpp>

struct SparseEngine final : bkt::Engine {
    std::string box, tool;
    static auto config() { return std::vector{bkt::text("container").required()}; }
    explicit SparseEngine(bkt::Call& c) : box(c.config("container")), tool(c.config("tool")) {}

    static bkt::Status recognise(bkt::Call&, const bkt::TargetView& target, bkt::Recognition& out) {
        const std::string family(target.image_family());
        out.score(50, "the image's name holds '" + family + "' and nothing else");
        return {};
    }
    bkt::Status plan(bkt::Call&, bkt::Plan& p) override {
        p.note("a note that is too long for the room inside a string");
        return p.part("all-the-databases-of-this-server.sql");
    }
    bkt::Status dump(bkt::Call& c, bkt::PartsOut& out) override {
        BKT_LET(const auto token, c.secret("token"));
        out.fact("server.version", std::string("a version with a name that is long: ") + box);
        return c.exec(box, {tool, "--with-an-argument-that-needs-room", "--all"})
            .env("PASSWORD_OF_THE_SERVER", token)
            .user("a user whose name is a whole sentence")
            .out(out.begin("all-the-databases-of-this-server.sql"))
            .run();
    }
    bkt::Status restore(bkt::Call& c, bkt::PartsIn& in) override {
        std::string text;
        BKT_TRY(c.exec(box, {tool, "--version-of-the-server-please"}).capture(text).run());
        if (text != "the words of the tool, more than fit into a short string\n")
            return bkt::Error{bkt::Code::corrupt, "the tool's words are not whole: '" + text + "'"};
        return c.exec(box, {tool, "--restore-everything-there-is"})
            .in(in.open("all-the-databases-of-this-server.sql"))
            .run();
    }
    std::unique_ptr<bkt::Tap> validator(std::string_view) override {
        return bkt::ends_with("-- Dump completed by a tool with a long trailer");
    }
    bkt::Result<std::string> recipe(bkt::Call&, const std::vector<std::string>& parts) override {
        std::string text = "feed each of these to the tool, in this order:\n";
        for (const auto& part : parts) text += "  " + part + "\n";
        return text;
    }
};

BKT_PLUGIN("test.sparse.engine", "1.0.0", "sparse-engine", SparseEngine)
