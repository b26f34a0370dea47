// multipart.hpp: an answer of several parts (RFC 2046, 5.1) that goes by, part after part, with bounded memory.
//
// What stands at its front is the boundary, so no header has to be known before its body. It is whole once the
// closing boundary came, and nothing but a line end follows.
#pragma once

#include <string>

#include "baktainer/stream.hpp"

namespace bkt::influxdb {

class MultipartReader {
public:
    virtual ~MultipartReader() = default;
    Status feed(Bytes bytes);
    // Code::truncated without the closing boundary.
    Status finish() const;

protected:
    // A part begins; `name` is that of its Content-Disposition, "" when it has none.
    virtual Status begin(const std::string& name) = 0;
    virtual Status content(Bytes bytes) = 0;
    virtual Status end() = 0;

private:
    enum class State { boundary, after_boundary, headers, body, closed };
    // True = more can be done with what is there.
    Result<bool> step();
    Result<bool> take_body();

    State state_ = State::boundary;
    std::string delimiter_;  // "\r\n--" and the boundary
    std::string held_;       // not yet understood
};

}  // namespace bkt::influxdb
