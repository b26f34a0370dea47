// fixture.hpp: a local store in a temporary folder, and what it holds as seen from outside.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "baktainer/testing/fake_host.hpp"
#include "baktainer/testing/memory_stream.hpp"
#include "plugins/storage/local/local_storage.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::local {

inline std::string said(const Status& s) {
    return s ? "ok" : std::string(code_name(s.error().code)) + ": " + s.error().message;
}
inline std::string code(const Status& s) {
    return s ? "ok" : std::string(code_name(s.error().code));
}

class StoreTest : public ::testing::Test {
protected:
    LocalStorage& store() {
        if (!store_) {
            if (!host.config.contains("path")) host.config["path"] = root();
            Call c = fake.call();
            store_ = std::make_unique<LocalStorage>(c);
        }
        return *store_;
    }
    std::string root() const { return dir_.path() + "/deep/store"; }
    std::string file(const std::string& key) const { return root() + "/" + key; }

    Status put(const std::string& key, const std::string& text, bool replace = false) {
        testing::MemorySource source(text);
        return put_from(key, source, replace);
    }
    Status put_from(const std::string& key, testing::MemorySource& source, bool replace = false) {
        Call c = fake.call();
        return store().put(c, key, replace, source.source());
    }
    // The bytes, or the error's code.
    std::string get(const std::string& key, std::uint64_t offset = 0, std::uint64_t length = 0) {
        testing::MemorySink sink;
        Call c = fake.call();
        const Status done = store().get(c, key, offset, length, sink.sink());
        return done ? sink.text : "<" + code(done) + ">";
    }
    std::vector<std::string> list(const std::string& prefix = "") {
        std::vector<std::string> keys;
        Call c = fake.call();
        EXPECT_EQ(said(store().list(c, prefix,
                                    [&](const Object& o) -> Status {
                                        keys.push_back(o.key);
                                        return {};
                                    })),
                  "ok");
        return keys;
    }
    Status remove(const std::string& key) {
        Call c = fake.call();
        return store().remove(c, key);
    }
    // Every name below the root, folders too.
    std::vector<std::string> on_disk() const {
        std::vector<std::string> names;
        if (std::filesystem::exists(root()))
            for (const auto& e : std::filesystem::recursive_directory_iterator(root()))
                names.push_back(std::filesystem::relative(e.path(), root()));
        std::sort(names.begin(), names.end());
        return names;
    }

    testing::FakeHost host;
    testing::FakeCall fake{host.raw()};
    test::TempDir dir_;

private:
    std::unique_ptr<LocalStorage> store_;
};

}  // namespace bkt::local
