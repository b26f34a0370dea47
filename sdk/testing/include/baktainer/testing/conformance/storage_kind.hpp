// testing/conformance/storage_kind.hpp: what a store must hold: whole or not at all, never overwritten
// unasked. It works on keys below "conformance/" of whatever the settings point to.
#pragma once

#include "baktainer/testing/conformance/store.hpp"

namespace bkt::testing::conformance {

namespace storage_kind {

inline void gives_back(const Subject& s, Findings& found) {
    Store store(s, found);
    if (!store.is_open()) return;
    for (const std::size_t n : {0u, 1u, 4095u, 65'536u, 65'537u, 5'000'000u}) {
        const auto text = bytes(n, s.seed + n);
        const auto key = "conformance/size-" + std::to_string(n);
        const auto what = std::to_string(n) + " bytes: ";
        found.expect(store.put(key, text) == BKT_OK, what + "put() failed");
        found.expect(store.content(key) == text, what + "get() gives back something else");
        Store::Found at;
        found.expect(store.stat(key, at) == BKT_OK && at.objects.size() == 1 &&
                         at.objects[0] == std::pair(key, std::uint64_t{n}),
                     what + "stat() does not tell the object and its size, once");
    }
}

inline void gives_ranges(const Subject& s, Findings& found) {
    Store store(s, found);
    if (!store.is_open()) return;
    const auto text = bytes(100'000, s.seed);
    store.put("conformance/ranges", text);
    for (const auto& [offset, length] : {std::pair<std::uint64_t, std::uint64_t>{0, 1},
                                         {0, 100'000},
                                         {99'999, 1},
                                         {1, 0},
                                         {50'000, 1000},
                                         {99'990, 10}})
        found.expect(store.content("conformance/ranges", offset, length) ==
                         text.substr(offset, length ? length : std::string::npos),
                     "get() of " + std::to_string(length) + " bytes at " + std::to_string(offset) +
                         " gives back something else");
    // What is not all there fails: whoever asked takes what comes for all of it.
    for (const auto& [offset, length] : {std::pair<std::uint64_t, std::uint64_t>{99'990, 11},
                                         {0, 100'001},
                                         {100'000, 1},
                                         {100'001, 0},
                                         {1, UINT64_MAX},
                                         {UINT64_MAX, 2},
                                         {UINT64_MAX, 0}}) {
        MemorySink sink;
        sink.fail_at_byte = 200'000;  // a store that makes bytes up might never stop
        found.expect(
            store.get("conformance/ranges", sink.raw(), offset, length, sink.fail_rc) != BKT_OK,
            "get() of " + std::to_string(length) + " bytes at " + std::to_string(offset) +
                " is OK, and not all of them are there");
    }
    MemorySink nothing;
    store.get("conformance/ranges", nothing.raw(), 100'000, 0);
    found.expect(nothing.text.empty(), "get() from the very end on gives bytes");
}

inline void overwrites_only_when_asked(const Subject& s, Findings& found) {
    Store store(s, found);
    if (!store.is_open()) return;
    store.put("conformance/taken", "first");
    found.expect(store.put("conformance/taken", "second") == BKT_EXISTS,
                 "put() of a taken key is not BKT_EXISTS");
    found.expect(store.content("conformance/taken") == "first", "a taken key was overwritten");
    found.expect(store.put("conformance/taken", "third", BKT_PUT_REPLACE) == BKT_OK,
                 "BKT_PUT_REPLACE does not overwrite");
    found.expect(store.content("conformance/taken") == "third",
                 "BKT_PUT_REPLACE left the old bytes");
}

inline void misses(const Subject& s, Findings& found) {
    Store store(s, found);
    if (!store.is_open()) return;
    MemorySink sink;
    Store::Found none;
    found.expect(store.get("conformance/nothing", sink.raw()) == BKT_NOT_FOUND,
                 "get() of what is not there is not BKT_NOT_FOUND");
    found.expect(store.stat("conformance/nothing", none) == BKT_NOT_FOUND && none.objects.empty(),
                 "stat() of what is not there is not BKT_NOT_FOUND");
    found.expect(store.remove("conformance/nothing") == BKT_OK,
                 "remove() of what is not there is not OK");
    store.put("conformance/gone", "x");
    found.expect(store.remove("conformance/gone") == BKT_OK, "remove() failed");
    found.expect(store.stat("conformance/gone", none) == BKT_NOT_FOUND, "remove() left the object");
}

inline void lists(const Subject& s, Findings& found) {
    Store store(s, found);
    if (!store.is_open()) return;
    std::vector<std::string> keys;
    for (const char* key :
         {"conformance/l/a", "conformance/l/a-b", "conformance/l/a/b", "conformance/l/a/c",
          "conformance/l/b%41", "conformance/l/b+c=@,d", "conformance/lx"})
        keys.emplace_back(key);
    // A store of files cannot hold "a" and "a/b" at once.
    keys.erase(keys.begin());
    for (const auto& key : keys)
        found.expect(store.put(key, "x") == BKT_OK, "put() of '" + key + "' failed");
    std::sort(keys.begin(), keys.end());
    std::vector<std::string> got, below;
    for (const auto& [key, size] : store.list("conformance/l").objects) got.push_back(key);
    found.expect(got == keys, "list() is not every key that starts so, in byte order");
    for (const auto& [key, size] : store.list("conformance/l/a/").objects) below.push_back(key);
    found.expect(below == std::vector<std::string>{"conformance/l/a/b", "conformance/l/a/c"},
                 "list() of a prefix tells others, or not all");
    found.expect(store.list("conformance/none/").objects.empty(), "list() of nothing is not empty");
}

inline void keeps_nothing_of_a_cut_put(const Subject& s, Findings& found) {
    Store store(s, found);
    if (!store.is_open()) return;
    const auto text = bytes(3'000'000, s.seed);
    for (const std::uint64_t at : {0u, 1u, 65'536u, 1'500'000u, 2'999'999u}) {
        MemorySource source(text);
        source.fail_at_byte = at;
        const auto key = "conformance/cut-" + std::to_string(at);
        const bkt_rc rc = store.put(key, source.raw(), 0, source.fail_rc);
        const auto what = "a source that fails at byte " + std::to_string(at) + ": ";
        found.expect(rc == source.fail_rc, what + "put() does not return its code");
        MemorySink sink;
        found.expect(store.get(key, sink.raw()) == BKT_NOT_FOUND, what + "an object can be read");
    }
    found.expect(store.list("conformance/").objects.empty(), "a cut put() is listed");
}

inline void stops_at_a_failed_sink(const Subject& s, Findings& found) {
    Store store(s, found);
    if (!store.is_open()) return;
    store.put("conformance/sink", bytes(1'000'000, s.seed));
    for (const std::uint64_t at : {0u, 1u, 65'536u, 999'999u}) {
        MemorySink sink;
        sink.fail_at_byte = at;
        found.expect(store.get("conformance/sink", sink.raw(), 0, 0, sink.fail_rc) == sink.fail_rc,
                     "get() into a sink that fails at byte " + std::to_string(at) +
                         " does not return its code");
        found.expect(!sink.written_after_failure, "it writes on into a sink that failed");
    }
}

inline void reads_in_small_pieces(const Subject& s, Findings& found) {
    Store store(s, found);
    if (!store.is_open()) return;
    const auto text = bytes(10'000, s.seed);
    MemorySource source(text);
    source.chunk_bytes = 1;
    found.expect(store.put("conformance/pieces", source.raw()) == BKT_OK, "put() failed");
    found.expect(store.content("conformance/pieces") == text,
                 "bytes that came one by one are lost");
}

}  // namespace storage_kind

inline constexpr Case kStorageKind[] = {
    {3, BKT_KIND_STORAGE, "GivesBackWhatItTook", &storage_kind::gives_back},
    {3, BKT_KIND_STORAGE, "GivesRanges", &storage_kind::gives_ranges},
    {3, BKT_KIND_STORAGE, "OverwritesOnlyWhenAsked", &storage_kind::overwrites_only_when_asked},
    {3, BKT_KIND_STORAGE, "SaysWhatIsNotThere", &storage_kind::misses},
    {3, BKT_KIND_STORAGE, "ListsInOrder", &storage_kind::lists},
    {4, BKT_KIND_STORAGE, "KeepsNothingOfACutPut", &storage_kind::keeps_nothing_of_a_cut_put},
    {4, BKT_KIND_STORAGE, "StopsAtAFailedSink", &storage_kind::stops_at_a_failed_sink},
    {4, BKT_KIND_STORAGE, "ReadsInSmallPieces", &storage_kind::reads_in_small_pieces},
};

}  // namespace bkt::testing::conformance
