// testing/conformance/storage_faults.hpp: what a store must hold when things go wrong around it: a reply is
// lost, two write at once, a put is broken off, the keys change while they are listed.
#pragma once

#include <chrono>
#include <condition_variable>
#include <set>

#include "baktainer/testing/conformance/store.hpp"

namespace bkt::testing::conformance {

namespace storage_faults {

using storage_kind::bytes;
using storage_kind::Store;

// Whoever lost the reply to a put does not know what became of it, and puts again.
inline void may_be_put_again(const Subject& s, Findings& found) {
    Store store(s, found);
    if (!store.is_open()) return;
    const auto text = bytes(200'000, s.seed);
    const std::string key = "conformance/again";
    MemorySource cut(text);
    cut.fail_at_byte = 150'000;
    store.put(key, cut.raw(), 0, cut.fail_rc);
    found.expect(store.put(key, text) == BKT_OK, "put() after one that was cut is not OK");
    found.expect(store.content(key) == text, "what was put after a cut put is not whole");
    found.expect(store.put(key, text) == BKT_EXISTS, "the same put() again is not BKT_EXISTS");
    found.expect(store.put(key, text, BKT_PUT_REPLACE) == BKT_OK,
                 "the same put() again with BKT_PUT_REPLACE is not OK");
    found.expect(store.content(key) == text, "the same put() again changed the object");
    found.expect(store.list(key).objects.size() == 1, "the same put() again left two objects");
}

// Two sources that each wait for the other's first read, so that both puts are under way at once; a store
// that takes one after the other is not waited for.
class Pair final {
public:
    void arrive() {
        std::unique_lock lock(mutex_);
        ++arrived_;
        both_.notify_all();
        both_.wait_for(lock, std::chrono::milliseconds(300), [&] { return arrived_ >= 2; });
    }

private:
    std::mutex mutex_;
    std::condition_variable both_;
    int arrived_ = 0;
};

struct PairedSource {
    PairedSource(Pair& p, const std::string& text)
        : pair(p), inner(text), raw{sizeof raw, 0, this, &read, text.size()} {}
    static bkt_rc read(const bkt_source* source, void* into, std::uint64_t cap,
                       std::uint64_t* len) noexcept {
        auto& self = *static_cast<PairedSource*>(source->ctx);
        if (!std::exchange(self.has_arrived, true)) self.pair.arrive();
        return self.inner.raw()->read(self.inner.raw(), into, cap, len);
    }
    Pair& pair;
    MemorySource inner;
    bkt_source raw;
    bool has_arrived = false;
};

// The codes of two puts at once, of `a` and of `b`.
inline std::pair<bkt_rc, bkt_rc> put_both(const Store& store, const std::string& key,
                                          const std::string& a, const std::string& b,
                                          std::uint32_t flags) {
    Pair pair;
    PairedSource first(pair, a), second(pair, b);
    const FakeCall one(store.host()), other(store.host());
    std::pair<bkt_rc, bkt_rc> rcs{BKT_BUG, BKT_BUG};
    std::thread beside([&] { rcs.second = store.put_with(other, key, &second.raw, flags); });
    rcs.first = store.put_with(one, key, &first.raw, flags);
    beside.join();
    return rcs;
}

inline void lets_one_of_two_win(const Subject& s, Findings& found) {
    Store store(s, found);
    if (!store.is_open()) return;
    const auto a = bytes(150'000, s.seed), b = bytes(140'000, s.seed + 1);
    for (int round = 0; round < 5; ++round) {
        const auto key = "conformance/race-" + std::to_string(round);
        const auto [rc_a, rc_b] = put_both(store, key, a, b, 0);
        found.expect(
            (rc_a == BKT_OK && rc_b == BKT_EXISTS) || (rc_a == BKT_EXISTS && rc_b == BKT_OK),
            "of two puts of one key at once not one is OK and the other BKT_EXISTS, but " +
                std::to_string(rc_a) + " and " + std::to_string(rc_b));
        found.expect(store.content(key) == (rc_a == BKT_OK ? a : b),
                     "after two puts of one key at once it holds not what the one that was OK put");
    }
    const auto [rc_a, rc_b] = put_both(store, "conformance/race", a, b, BKT_PUT_REPLACE);
    found.expect(rc_a == BKT_OK && rc_b == BKT_OK, "two replacing puts at once are not both OK");
    const auto left = store.content("conformance/race");
    found.expect(left == a || left == b,
                 "two replacing puts at once left what neither of them put");
}

// Gives bytes for ever; cancels the call at 5 MB and says so; has enough at 256 MB.
struct EndlessSource {
    explicit EndlessSource(FakeCall& c) : call(c), raw{sizeof raw, 0, this, &read, 0} {}
    static bkt_rc read(const bkt_source* source, void* into, std::uint64_t cap,
                       std::uint64_t* len) noexcept {
        auto& self = *static_cast<EndlessSource*>(source->ctx);
        *len = std::min<std::uint64_t>(cap, 1 << 20);
        std::memset(into, 'x', *len);
        if ((self.given += *len) >= 5'000'000 && !std::exchange(self.cancelled, true))
            self.call.cancel();
        return self.given < 256'000'000 ? BKT_OK : BKT_UNAVAILABLE;
    }
    FakeCall& call;
    std::uint64_t given = 0;
    bool cancelled = false;
    bkt_source raw;
};

inline void stops_when_cancelled(const Subject& s, Findings& found) {
    Store store(s, found);
    if (!store.is_open()) return;
    FakeCall call(store.host());
    EndlessSource endless(call);
    found.expect(store.put_with(call, "conformance/endless", &endless.raw) == BKT_CANCELLED,
                 "put() of a source that never ends does not end when cancelled");
    found.expect(
        !store.is_there("conformance/endless") && store.list("conformance/").objects.empty(),
        "a cancelled put() left an object");
}

// A size that is told before may turn out wrong: what came counts.
inline void stores_what_came(const Subject& s, Findings& found) {
    Store store(s, found);
    if (!store.is_open()) return;
    const auto text = bytes(100'000, s.seed);
    for (const std::uint64_t told : {1u, 99'999u, 100'001u, 5'000'000u}) {
        const auto key = "conformance/told-" + std::to_string(told);
        const MemorySource source(text);
        bkt_source raw = *source.raw();
        raw.size_bytes = told;
        const bkt_rc rc = store.put(key, &raw);
        const auto what = "a source of 100000 bytes that told " + std::to_string(told) + ": ";
        if (rc == BKT_OK)
            found.expect(store.content(key) == text,
                         what + "put() is OK and stored something else");
        else found.expect(!store.is_there(key), what + "put() failed and left an object");
    }
}

inline void sweeps_what_was_left(const Subject& s, Findings& found) {
    Store store(s, found);
    if (!store.is_open()) return;
    const auto text = bytes(300'000, s.seed);
    store.put("conformance/sweep/whole", text);
    MemorySource cut(text);
    cut.fail_at_byte = 250'000;
    store.put("conformance/sweep/cut", cut.raw(), 0, cut.fail_rc);
    found.expect(store.sweep("conformance/sweep/").has_value(), "sweep() failed");
    found.expect(store.sweep("conformance/sweep/") == 0u,
                 "sweep() after a sweep() finds more to remove");
    found.expect(store.content("conformance/sweep/whole") == text, "sweep() took a whole object");
    found.expect(!store.is_there("conformance/sweep/cut"), "sweep() made an object of a cut put()");
}

// A backup is looked for as soon as it was put, and must not be found once it was removed.
inline void lists_what_is_there_now(const Subject& s, Findings& found) {
    Store store(s, found);
    if (!store.is_open()) return;
    const std::string key = "conformance/now/a";
    using Objects = std::vector<std::pair<std::string, std::uint64_t>>;
    const auto lists = [&](const Objects& wanted, const std::string& when) {
        found.expect(store.list("conformance/now/").objects == wanted, "list() is stale " + when);
    };
    for (std::uint64_t round = 1; round <= 10; ++round) {
        lists({}, "after remove()");
        store.put(key, std::string(round, 'x'));
        lists({{key, round}}, "after put()");
        store.put(key, std::string(round + 100, 'y'), BKT_PUT_REPLACE);
        lists({{key, round + 100}}, "after a put() that replaced");
        Store::Found at;
        store.stat(key, at);
        found.expect(at.objects == Objects{{key, round + 100}}, "stat() is stale after put()");
        store.remove(key);
        found.expect(!store.is_there(key), "stat() is stale after remove()");
    }
}

// Puts `keys` on several threads: a remote store would take minutes else.
inline bool put_many(const Store& store, const std::vector<std::string>& keys) {
    std::atomic<std::size_t> next{0};
    std::atomic<bool> good{true};
    std::vector<std::thread> threads;
    for (int n = 0; n < 8; ++n)
        threads.emplace_back([&] {
            for (std::size_t i = next++; i < keys.size(); i = next++) {
                const FakeCall call(store.host());
                const MemorySource source("x");
                if (store.put_with(call, keys[i], source.raw()) != BKT_OK) good = false;
            }
        });
    for (auto& thread : threads) thread.join();
    return good;
}

// More than fit into a page of any store known (1000), some coming and going meanwhile.
inline void lists_while_keys_change(const Subject& s, Findings& found) {
    Store store(s, found);
    if (!store.is_open()) return;
    const std::string base = "conformance/many/";
    std::vector<std::string> keys;
    for (int n = 0; n < 1100; ++n) keys.push_back(base + std::to_string(10'000 + n));
    found.expect(put_many(store, keys), "several puts at once are not all OK");
    found.expect(store.list(base).keys() == keys,
                 "list() of 1100 objects is not each of them once, in byte order");
    // Three told already and one still to come go, one of each sort comes. A listing that holds a lock
    // meanwhile is not waited for.
    const std::set<std::string> gone{base + "10001", base + "10003", base + "10005",
                                     base + "11050"};
    std::thread change;
    std::atomic<bool> is_changed{false};
    const auto told = store.list(base, [&](std::size_t so_far) {
        if (so_far != 10) return;
        change = std::thread([&] {
            const FakeCall call(store.host());
            for (const auto& one : gone) store.remove_with(call, one);
            static_cast<void>(put_many(store, {base + "10000-new", base + "11099-new"}));
            is_changed = true;
        });
        for (int n = 0; n < 200 && !is_changed; ++n)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
    });
    if (change.joinable()) change.join();
    const auto all = told.keys();
    found.expect(std::is_sorted(all.begin(), all.end()),
                 "list() while keys change is not in order");
    const std::set<std::string> once(all.begin(), all.end());
    found.expect(once.size() == all.size(), "list() while keys change tells one twice");
    std::size_t missed = 0;
    for (const auto& key : keys) missed += !once.contains(key) && !gone.contains(key) ? 1 : 0;
    found.expect(missed == 0, "list() while keys change misses " + std::to_string(missed) +
                                  " that were there all the time");
}

inline void takes_every_key(const Subject& s, Findings& found) {
    Store store(s, found);
    if (!store.is_open()) return;
    const std::string base = "conformance/odd/";
    std::vector<std::string> keys;
    for (const char c : std::string_view("azAZ09._%+=@,-")) {
        keys.push_back(base + c + "x");
        keys.push_back(base + "x" + c);
    }
    for (const char* name : {"...", "a..b", "--", "-rf", "%2F", "%2e%2e", "%00", "%25", "a%20b",
                             "a+b", "Case", "case", "CASE", "a=b@c,d", "CON", "nul.txt"})
        keys.push_back(base + name);
    keys.push_back(base + std::string(200, 'n'));
    std::string longest = base + "long";
    while (longest.size() + 101 <= 1024) longest += "/" + std::string(100, 'd');
    longest += "/" + std::string(1024 - longest.size() - 1, 'e');
    keys.push_back(longest);
    longest.back() = 'f';
    keys.push_back(longest);
    std::sort(keys.begin(), keys.end());
    for (const auto& key : keys)
        found.expect(store.put(key, "I am " + key) == BKT_OK, "put() of '" + key + "' failed");
    found.expect(store.list(base).keys() == keys,
                 "list() tells odd keys otherwise than they were put");
    for (const auto& key : keys)
        found.expect(store.content(key) == "I am " + key, "'" + key + "' holds another's bytes");
    for (const auto& key : keys) store.remove(key);
    found.expect(store.list(base).objects.empty(), "remove() leaves odd keys");
}

}  // namespace storage_faults

inline constexpr Case kStorageFaults[] = {
    {3, BKT_KIND_STORAGE, "TakesEveryKey", &storage_faults::takes_every_key},
    {3, BKT_KIND_STORAGE, "ListsWhatIsThereNow", &storage_faults::lists_what_is_there_now},
    {4, BKT_KIND_STORAGE, "MayBePutAgain", &storage_faults::may_be_put_again},
    {4, BKT_KIND_STORAGE, "LetsOneOfTwoWin", &storage_faults::lets_one_of_two_win},
    {4, BKT_KIND_STORAGE, "StopsWhenCancelled", &storage_faults::stops_when_cancelled},
    {4, BKT_KIND_STORAGE, "StoresWhatCame", &storage_faults::stores_what_came},
    {4, BKT_KIND_STORAGE, "SweepsWhatWasLeft", &storage_faults::sweeps_what_was_left},
    {4, BKT_KIND_STORAGE, "ListsWhileKeysChange", &storage_faults::lists_while_keys_change},
};

}  // namespace bkt::testing::conformance
