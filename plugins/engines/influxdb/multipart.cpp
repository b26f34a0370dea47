#include "plugins/engines/influxdb/multipart.hpp"

namespace bkt::influxdb {
namespace {

constexpr std::size_t kMaxBoundaryBytes = 80;  // RFC 2046 allows 70
constexpr std::size_t kMaxHeaderBytes = 8192;

Error no_multipart() {
    return {Code::corrupt, "the server's metadata are not in the form of its backup API",
            "see whether something else listens there"};
}

// `name` of Content-Disposition: attachment; name="kv".
std::string name_of(std::string_view headers) {
    constexpr std::string_view kBefore = " name=\"";
    const auto at = headers.find(kBefore);
    if (at == headers.npos) return {};
    const auto rest = headers.substr(at + kBefore.size());
    return std::string(rest.substr(0, rest.find('"')));
}

}  // namespace

Status MultipartReader::feed(Bytes bytes) {
    held_.append(as_text(bytes));
    for (;;) {
        BKT_LET(const bool more, step());
        if (!more) return {};
    }
}

Result<bool> MultipartReader::step() {
    if (state_ == State::closed) {
        if (held_.find_first_not_of("\r\n") != held_.npos) return no_multipart();
        return false;
    }
    if (state_ == State::body) return take_body();
    const std::string_view until = state_ == State::headers ? "\r\n\r\n" : "\r\n";
    const bool at_boundary = state_ == State::boundary;
    if (state_ == State::after_boundary && held_.starts_with("--")) {
        held_.erase(0, 2);
        state_ = State::closed;
        return true;
    }
    const std::size_t bytes_max = at_boundary ? kMaxBoundaryBytes : kMaxHeaderBytes;
    const auto end = held_.find(until);
    if (end == held_.npos) {
        if (held_.size() >= bytes_max + until.size()) return no_multipart();
        return false;
    }
    if (end > bytes_max) return no_multipart();
    const std::string line = held_.substr(0, end);
    held_.erase(0, end + until.size());
    if (at_boundary) {
        if (line.size() < 3 || !line.starts_with("--")) return no_multipart();
        delimiter_ = "\r\n" + line;
        state_ = State::headers;
    } else if (state_ == State::after_boundary) {
        if (!line.empty()) return no_multipart();
        state_ = State::headers;
    } else {
        BKT_TRY(begin(name_of(line)));
        state_ = State::body;
    }
    return true;
}

Result<bool> MultipartReader::take_body() {
    const auto at = held_.find(delimiter_);
    if (at == held_.npos) {
        // The delimiter may have begun in the last bytes.
        if (held_.size() < delimiter_.size()) return false;
        const auto safe = held_.size() - (delimiter_.size() - 1);
        BKT_TRY(content(as_bytes(held_).first(safe)));
        held_.erase(0, safe);
        return false;
    }
    if (at > 0) BKT_TRY(content(as_bytes(held_).first(at)));
    held_.erase(0, at + delimiter_.size());
    state_ = State::after_boundary;
    BKT_TRY(end());
    return true;
}

Status MultipartReader::finish() const {
    if (state_ == State::closed) return {};
    return Error{Code::truncated, "the server's metadata came cut",
                 "look into the server's log for the reason"};
}

}  // namespace bkt::influxdb
