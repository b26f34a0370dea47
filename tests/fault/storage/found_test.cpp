// The conformance suite of stores against stores that are wrong, each in one way: it finds every one, by the
// case that is named for it, and nothing in the right one.
#include <gtest/gtest.h>

#include "baktainer/testing/conformance/cases.hpp"
#include "tests/fault/storage/wrong_store.hpp"

namespace bkt::test {
namespace {

namespace suite = testing::conformance;

// What the cases named so, "" = all, found, with their names.
std::vector<std::string> found_in(const std::string& wrong, const std::string& name = "") {
    const bkt_component component{sizeof component, 0,  BKT_KIND_STORAGE,
                                  "wrong",          "", &detail::StorageOps<WrongStore>::kOps,
                                  nullptr};
    suite::Subject subject{component, {{"wrong", wrong}}, {}, 4711};
    subject.random_time = std::chrono::milliseconds(20);
    std::vector<std::string> all;
    for (const auto& one : suite::cases_of(BKT_KIND_STORAGE)) {
        if (!name.empty() && name != one.name) continue;
        suite::Findings found;
        one.run(subject, found);
        for (const auto& finding : found.all()) all.push_back(one.name + (": " + finding));
    }
    return all;
}

TEST(WrongStore, IsFoundByTheCaseNamedForIt) {
    EXPECT_EQ(found_in(""), std::vector<std::string>());
    const struct {
        const char* wrong;
        const char* found_by;
    } kCases[] = {
        {"overwrites", "MayBePutAgain"},
        {"overwrites", "OverwritesOnlyWhenAsked"},
        {"keeps the name of a cut put", "MayBePutAgain"},
        {"looks before it reads", "LetsOneOfTwoWin"},
        {"shows what is not whole", "KeepsNothingOfACutPut"},
        {"shows what is not whole", "StopsWhenCancelled"},
        {"shows what is not whole", "SweepsWhatWasLeft"},
        {"puts parts out of order", "GivesBackWhatItTook"},
        {"reads half", "GivesBackWhatItTook"},
        {"reads nothing", "GivesBackWhatItTook"},
        {"believes the size", "StoresWhatCame"},
        {"is deaf", "StopsWhenCancelled"},
        {"sweeps all", "SweepsWhatWasLeft"},
        {"sweeps nothing", "SweepsWhatWasLeft"},
        {"lists one page", "ListsWhileKeysChange"},
        {"lists a key twice", "ListsWhileKeysChange"},
        {"counts pages", "ListsWhileKeysChange"},
        {"lists in no order", "ListsInOrder"},
        {"lists from memory", "ListsWhatIsThereNow"},
        {"cuts ranges", "GivesRanges"},
        {"adds range and length", "GivesRanges"},
        {"folds case", "TakesEveryKey"},
        {"decodes percent", "TakesEveryKey"},
        {"cuts long keys", "TakesEveryKey"},
    };
    for (const auto& c : kCases)
        EXPECT_FALSE(found_in(c.wrong, c.found_by).empty())
            << "it " << c.wrong << ", and " << c.found_by << " does not find it";
}

}  // namespace
}  // namespace bkt::test
