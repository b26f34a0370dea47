#include <thread>

#include "tests/unit/plugins/storage/local/fixture.hpp"

namespace bkt::local {
namespace {

using Names = std::vector<std::string>;
const std::string kBig(3 << 20, 'b');

TEST_F(StoreTest, GivesBackWhatWasPut) {
    ASSERT_EQ(said(put("a/b/manifest.json", "{}")), "ok");
    ASSERT_EQ(said(put("a/b/big", kBig)), "ok");
    ASSERT_EQ(said(put("empty", "")), "ok");
    EXPECT_EQ(get("a/b/manifest.json"), "{}");
    EXPECT_EQ(get("a/b/big"), kBig);
    EXPECT_EQ(get("empty"), "");
    EXPECT_EQ(get("a/b/big", 1 << 20, 5), "bbbbb");
    EXPECT_EQ(get("a/b/manifest.json", 1), "}");
}

TEST_F(StoreTest, KeepsItsFilesToItsUser) {
    ASSERT_EQ(said(put("a/b", "x")), "ok");
    struct stat st {};
    ASSERT_EQ(::stat(file("a/b").c_str(), &st), 0);
    EXPECT_EQ(st.st_mode & 0777, 0600u);
    for (const auto& folder : {root(), file("a"), dir_.path() + "/deep"}) {
        ASSERT_EQ(::stat(folder.c_str(), &st), 0);
        EXPECT_EQ(st.st_mode & 0777, 0700u) << folder;
    }
}

TEST_F(StoreTest, NeverOverwritesUnlessAsked) {
    ASSERT_EQ(said(put("a", "first")), "ok");
    EXPECT_EQ(code(put("a", "second")), "exists");
    EXPECT_EQ(get("a"), "first");
    EXPECT_EQ(said(put("a", "third", true)), "ok");
    EXPECT_EQ(get("a"), "third");
    EXPECT_EQ(on_disk(), Names{"a"});
}

// The name is taken while the bytes still come: only the rename without replace can see it.
TEST_F(StoreTest, NeverOverwritesWhatAppearsMeanwhile) {
    testing::MemorySource source(kBig);
    fake.on_progress = [&](auto, auto) { std::ofstream(file("a")) << "somebody else's"; };
    EXPECT_EQ(code(put_from("a", source)), "exists");
    EXPECT_EQ(get("a"), "somebody else's");
    EXPECT_EQ(on_disk(), Names{"a"});
}

TEST_F(StoreTest, ShowsNothingBeforeAPutIsWhole) {
    testing::MemorySource source(kBig);
    int looks = 0;
    fake.on_progress = [&](auto, auto) {
        ++looks;
        EXPECT_TRUE(list().empty());
        EXPECT_EQ(get("x/a"), "<not_found>");
        EXPECT_EQ(on_disk().size(), 2u);  // the folder and the staged file
    };
    ASSERT_EQ(said(put_from("x/a", source)), "ok");
    EXPECT_GT(looks, 1);
    EXPECT_EQ(list(), Names{"x/a"});
}

TEST_F(StoreTest, LeavesNothingOfAPutWhoseSourceFails) {
    for (const std::uint64_t at : {0, 1, 2 << 20}) {
        testing::MemorySource source(kBig);
        source.fail_at_byte = at;
        EXPECT_EQ(code(put_from("x/y/a", source)), "unavailable");
        EXPECT_TRUE(on_disk().empty());
    }
    ASSERT_EQ(said(put("x/keep", "1")), "ok");
    testing::MemorySource source(kBig);
    source.fail_at_byte = 9;
    EXPECT_EQ(code(put_from("x/y/a", source)), "unavailable");
    EXPECT_EQ(on_disk(), (Names{"x", "x/keep"}));
}

TEST_F(StoreTest, LeavesNothingOfACancelledPut) {
    testing::MemorySource source(kBig);
    fake.on_progress = [&](auto, auto) { fake.cancel(); };
    EXPECT_EQ(code(put_from("x/a", source)), "cancelled");
    EXPECT_TRUE(on_disk().empty());
}

TEST_F(StoreTest, ListsInByteOrderOfWholeKeys) {
    for (const char* key : {"a/z", "a-b", "a.b/c", "a/b/c", "a0", "b", "a/b-c", "B"})
        ASSERT_EQ(said(put(key, "x")), "ok");
    EXPECT_EQ(list(), (Names{"B", "a-b", "a.b/c", "a/b-c", "a/b/c", "a/z", "a0", "b"}));
    EXPECT_EQ(list("a/"), (Names{"a/b-c", "a/b/c", "a/z"}));
    EXPECT_EQ(list("a/b"), (Names{"a/b-c", "a/b/c"}));
    EXPECT_EQ(list("a/b/c"), Names{"a/b/c"});
    EXPECT_EQ(list("none/such"), Names{});
    EXPECT_EQ(list("../"), Names{});
}

TEST_F(StoreTest, ReadsAsEmptyBeforeItsFolderExists) {
    EXPECT_EQ(list(), Names{});
    EXPECT_EQ(get("a"), "<not_found>");
    EXPECT_EQ(said(remove("a/b")), "ok");
    Call c = fake.call();
    EXPECT_EQ(store().sweep(c, "").value_or(9), 0u);
    EXPECT_GT(store().free_bytes(c).value_or(0), 0u);
    EXPECT_TRUE(store().health(c));
    EXPECT_FALSE(std::filesystem::exists(root()));  // health writes nothing
}

TEST_F(StoreTest, RemovesFoldersThatBecomeEmptyAndNoOthers) {
    ASSERT_EQ(said(put("a/b/c", "x")), "ok");
    ASSERT_EQ(said(put("a/d", "x")), "ok");
    EXPECT_EQ(said(remove("a/b/c")), "ok");
    EXPECT_EQ(on_disk(), (Names{"a", "a/d"}));
    EXPECT_EQ(said(remove("a/d")), "ok");
    EXPECT_TRUE(on_disk().empty());
    EXPECT_TRUE(std::filesystem::exists(root()));
    EXPECT_EQ(said(remove("a/d")), "ok");  // gone already
}

TEST_F(StoreTest, SweepsWhatKilledPutsLeftAndNothingElse) {
    ASSERT_EQ(said(put("a/whole", "x")), "ok");
    for (const char* left : {"a/whole.partial-0123456789abcdef", "top.partial-ffffffffffffffff"})
        std::ofstream(file(left)) << "half";
    std::filesystem::create_directories(file("gone/deep"));
    std::ofstream(file("gone/deep/x.partial-0000000000000000")) << "half";
    std::ofstream(file("a/not.partial-ours")) << "kept";
    EXPECT_EQ(list(), (Names{"a/not.partial-ours", "a/whole"}));
    Call c = fake.call();
    EXPECT_EQ(store().sweep(c, "a/").value_or(9), 1u);
    EXPECT_EQ(store().sweep(c, "").value_or(9), 2u);
    EXPECT_EQ(on_disk(), (Names{"a", "a/not.partial-ours", "a/whole"}));
}

// Somebody who may write below the root plants links: none leads out, neither to read nor to write.
TEST_F(StoreTest, FollowsNoLinkOutOfItsRoot) {
    ASSERT_EQ(said(put("ok", "x")), "ok");
    const std::string outside = dir_.path() + "/outside";
    std::filesystem::create_directory(outside);
    std::ofstream(outside + "/secret") << "secret";
    std::filesystem::create_directory_symlink(outside, file("folder"));
    std::filesystem::create_symlink(outside + "/secret", file("link"));
    EXPECT_EQ(get("folder/secret"), "<denied>");
    EXPECT_EQ(get("link"), "<denied>");
    EXPECT_EQ(code(put("folder/new", "x")), "denied");
    EXPECT_EQ(code(put("link", "x")), "exists");
    EXPECT_EQ(code(remove("folder/secret")), "denied");
    EXPECT_EQ(list(), Names{"ok"});
    EXPECT_EQ(said(put("link", "x", true)), "ok");  // replaces the link, not what it points to
    EXPECT_EQ(said(remove("link")), "ok");
    EXPECT_EQ(std::filesystem::file_size(outside + "/secret"), 6u);
    EXPECT_FALSE(std::filesystem::exists(outside + "/new"));
}

TEST_F(StoreTest, TellsWhatIsNotThere) {
    ASSERT_EQ(said(put("a/b", "12345")), "ok");
    Call c = fake.call();
    const auto ignore = [](const Object&) -> Status { return {}; };
    EXPECT_EQ(code(store().stat(c, "nope", ignore)), "not_found");
    EXPECT_EQ(code(store().stat(c, "a", ignore)), "not_found");  // a folder is no object
    EXPECT_EQ(code(store().stat(c, "../x", ignore)), "invalid");
    EXPECT_EQ(get("a/b", 6), "<truncated>");
    EXPECT_EQ(get("a/b", 3, 3), "<truncated>");
    std::uint64_t size = 0;
    EXPECT_EQ(said(store().stat(c, "a/b",
                                [&](const Object& o) -> Status {
                                    size = o.size_bytes;
                                    EXPECT_GT(o.modified_ns, 1'000'000'000'000'000'000);
                                    return {};
                                })),
              "ok");
    EXPECT_EQ(size, 5u);
}

TEST_F(StoreTest, RefusesSettingsItCannotServe) {
    for (const auto& [key, value] : {std::pair<std::string, std::string>{"path", ""},
                                     {"path", "relative"},
                                     {"min_free", "1 GB"},
                                     {"min_free", "-1"}}) {
        testing::FakeHost other;
        other.config = {{"path", "/x"}};
        other.config[key] = value;
        testing::FakeCall call(other.raw());
        Call c = call.call();
        try {
            LocalStorage opened(c);
            ADD_FAILURE() << key << "=" << value;
        } catch (const Error& e) {
            EXPECT_EQ(e.code, Code::invalid);
            EXPECT_FALSE(e.hint.empty());
        }
    }
}

TEST_F(StoreTest, KeepsTheFreeSpaceItWasTold) {
    host.config["min_free"] = "9000000000000000000";
    const Status done = put("a", "x");
    EXPECT_EQ(code(done), "no_space");
    EXPECT_NE(done.error().hint.find("min_free"), std::string::npos);
    EXPECT_TRUE(on_disk().empty());
}

TEST_F(StoreTest, TakesManyPutsAtOnceThoughFoldersComeAndGo) {
    ASSERT_EQ(said(put("seed", "x")), "ok");
    std::vector<std::thread> threads;
    std::atomic<int> wrong = 0;
    LocalStorage& shared = store();
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            testing::FakeHost own;
            testing::FakeCall call(own.raw());
            Call c = call.call();
            for (int i = 0; i < 200; ++i) {
                testing::MemorySource source("x");
                const std::string key = "d/e/" + std::to_string(t);
                wrong += !shared.put(c, key, false, source.source());
                wrong += !shared.remove(c, key);
            }
        });
    for (auto& t : threads) t.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(on_disk(), Names{"seed"});
}

}  // namespace
}  // namespace bkt::local
