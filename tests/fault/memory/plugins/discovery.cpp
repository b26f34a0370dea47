// A source that knows one target and runs its tools itself.
#include <baktainer/plugin.hpp>

struct SparseDiscovery final : bkt::Discovery {
    explicit SparseDiscovery(bkt::Call&) {}

    static bkt::FoundTarget target(const std::string& id) {
        bkt::FoundTarget t;
        t.id = id, t.name = "the only database of this machine";
        t.image = "registry.example.com/databases/of-a-kind:1.2.3";
        t.labels.emplace_back("baktainer.backup.and.more", "true, and more than fits a string");
        t.env.emplace_back("A_VARIABLE_OF_THE_CONTAINER", "its value, which is long as well");
        return t;
    }
    bkt::Status scan(bkt::Call&, const bkt::TargetOut& out) override {
        return out(target("the id of the only database, 64 digits"));
    }
    bkt::Status watch(bkt::Call&, const bkt::ChangeOut& out) override {
        return out(bkt::Change::added, std::string("the id of a database that has come by now"));
    }
    bkt::Result<bkt::ExecOutcome> exec(bkt::Call&, const bkt::ExecRequest& r) override {
        bkt::ExecOutcome outcome;
        outcome.exit_code = r.argv.size() == 2 && r.env.size() == 1 ? 0 : 1;
        outcome.how = BKT_EXIT_WAITED;
        outcome.stderr_tail = "the words of '" + r.argv.at(0) + "' on its standard error";
        return outcome;
    }
    bkt::Result<bkt::FoundTarget> clone(bkt::Call&, const std::string& id,
                                        const std::string& name) override {
        return target(id + " as " + name);
    }
    bkt::Status remove_clone(bkt::Call&, const std::string& id) override {
        return id.empty() ? bkt::Status(bkt::Error{bkt::Code::not_found, "none"}) : bkt::Status();
    }
    bkt::Result<std::string> health(bkt::Call&) override {
        return std::string("one database, and it is always there");
    }
};

BKT_PLUGIN("test.sparse.discovery", "1.0.0", "sparse-discovery", SparseDiscovery)
