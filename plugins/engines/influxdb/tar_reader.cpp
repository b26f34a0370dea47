#include "plugins/engines/influxdb/tar_reader.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace bkt::influxdb {

// Two threads of which one runs: who feeds, and who reads.
class TarReader::Turns final {
public:
    explicit Turns(std::function<Status()> read_through) : read_through_(std::move(read_through)) {}
    ~Turns() {
        if (!reading_.joinable()) return;
        abandoned_ = true;
        pass_to(true);
        reading_.join();
    }

    // Lets the reading go on with these bytes; none: they were the last. Its answer once it has one.
    const std::optional<Status>& give(Bytes bytes) {
        if (!ended_) {
            bytes_ = bytes;
            pass_to(true);
            if (!reading_.joinable()) reading_ = std::thread([this] { read(); });
            wait_for(false);
            if (ended_) reading_.join();
        }
        if (thrown_) std::rethrow_exception(thrown_);
        return answer_;
    }

    // The reading's: gives the turn back until there are more.
    Result<Bytes> take() {
        if (!std::exchange(is_first_, false)) {
            pass_to(false);
            wait_for(true);
        }
        if (abandoned_) return Error{Code::cancelled, "the reading was abandoned"};
        return bytes_;
    }

private:
    void pass_to(bool reader) {
        const std::lock_guard lock(mutex_);
        is_readers_ = reader;
        changed_.notify_all();
    }
    void wait_for(bool reader) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return is_readers_ == reader; });
    }
    void read() {
        try {
            answer_ = read_through_();
        } catch (...) {
            thrown_ = std::current_exception();
        }
        ended_ = true;
        pass_to(false);
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_readers_ = false;
    // Of whoever has the turn:
    std::function<Status()> read_through_;
    Bytes bytes_;
    bool is_first_ = true, abandoned_ = false, ended_ = false;
    std::optional<Status> answer_;
    std::exception_ptr thrown_;
    std::thread reading_;
};

TarReader::TarReader(std::string what)
    : turns_(std::make_unique<Turns>([this] { return read_through(); })),
      walk_(std::move(what), [this] { return turns_->take(); }) {}

// The thread goes first: it reads by the walk.
TarReader::~TarReader() { turns_.reset(); }

Status TarReader::feed(Bytes bytes) {
    if (bytes.empty()) return {};
    const auto& answer = turns_->give(bytes);
    return answer ? *answer : Status{};
}

Status TarReader::finish() {
    const auto& answer = turns_->give({});
    return answer ? *answer : Status(Error{Code::bug, "the tar's reader did not end"});
}

Status TarReader::read_through() {
    for (;;) {
        BKT_LET(const auto next, walk_.next());
        if (!next) return end();
        BKT_TRY(entry(*next));
        for (;;) {
            BKT_LET(const Bytes bytes, walk_.content());
            if (bytes.empty()) break;
            BKT_TRY(content(bytes));
        }
    }
}

}  // namespace bkt::influxdb
