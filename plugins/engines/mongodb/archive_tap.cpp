#include "plugins/engines/mongodb/archive_tap.hpp"

#include <algorithm>

namespace bkt::mongodb {
namespace {

class ArchiveTap final : public Tap {
public:
    ArchiveTap(std::string database, std::shared_ptr<Counts> counts)
        : database_(std::move(database)), counts_(std::move(counts)) {}

    Status feed(Call&, Bytes bytes) override { return archive_.feed(bytes); }
    Status finish(Call&) override {
        BKT_TRY(archive_.finish());
        const auto& all = archive_.collections();
        const bool any = std::any_of(all.begin(), all.end(), [&](const auto& each) {
            return each.first.database == database_;
        });
        if (!database_.empty() && !any)
            return Error{Code::not_found,
                         "the archive holds no collection of database '" + database_ + "'",
                         "correct 'db.name': mongodump takes a database that is not there for an "
                         "empty one"};
        if (counts_)
            for (const auto& [name, seen] : all) (*counts_)[name] = seen.documents;
        return {};
    }

private:
    std::string database_;
    std::shared_ptr<Counts> counts_;
    Archive archive_;
};

}  // namespace

std::unique_ptr<Tap> archive_tap(std::string database, std::shared_ptr<Counts> counts) {
    return std::make_unique<ArchiveTap>(std::move(database), std::move(counts));
}

}  // namespace bkt::mongodb
