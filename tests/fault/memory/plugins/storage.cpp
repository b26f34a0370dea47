// A store that keeps one object in a text.
#include <baktainer/plugin.hpp>

struct SparseStorage final : bkt::Storage {
    std::string key, kept;
    explicit SparseStorage(bkt::Call&) {}

    bkt::Status put(bkt::Call& c, const std::string& name, bool replace,
                    const bkt::Source& source) override {
        if (replace) return bkt::Error{bkt::Code::invalid, "nobody said to replace it"};
        BKT_LET(const std::string folder, c.temp_dir());
        std::string text;
        std::vector<std::byte> chunk(64);
        for (;;) {
            BKT_LET(const std::size_t n, source.read(chunk));
            if (n == 0) break;
            text.append(bkt::as_text(bkt::Bytes(chunk).first(n)));
        }
        std::string beside = folder + "/" + name;
        key = name, kept = std::move(text);
        return {};
    }
    bkt::Status get(bkt::Call&, const std::string& name, std::uint64_t, std::uint64_t,
                    const bkt::Sink& sink) override {
        if (name != key) return bkt::Error{bkt::Code::not_found, "there is no '" + name + "'"};
        const std::string copy = kept;
        return sink.write(bkt::as_bytes(copy));
    }
    bkt::Status stat(bkt::Call&, const std::string& name, const bkt::ObjectOut& out) override {
        if (name != key) return bkt::Error{bkt::Code::not_found, "there is no '" + name + "'"};
        return out({key, kept.size(), 0});
    }
    bkt::Status list(bkt::Call&, const std::string& prefix, const bkt::ObjectOut& out) override {
        return out({prefix + "/" + key, kept.size(), 0});
    }
    bkt::Status remove(bkt::Call&, const std::string& name) override {
        return name == key ? bkt::Status()
                           : bkt::Error{bkt::Code::not_found, "there is no '" + name + "'"};
    }
    bkt::Result<std::uint64_t> sweep(bkt::Call&, const std::string& prefix) override {
        return std::uint64_t{prefix.size() + std::string(prefix).append(64, 'x').size()};
    }
    bkt::Result<std::string> health(bkt::Call&) override {
        return std::string("keeps one object: ") + key + ", in a text of its own";
    }
};

BKT_PLUGIN("test.sparse.storage", "1.0.0", "sparse-storage", SparseStorage)
