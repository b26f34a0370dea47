// tar_reader.hpp: a tar that goes by: entry by entry, whatever the chunks, with bounded memory.
//
// libarchive asks for bytes, a validator is given them. So the reading has a thread of its own, of which one or the
// other runs, never both: it goes on when feed() brings bytes, and feed() returns when they are used up.
#pragma once

#include <memory>
#include <string>

#include "plugins/engines/influxdb/tar_walk.hpp"

namespace bkt::influxdb {

class TarReader {
public:
    // `what` begins its errors: "the backup's tar".
    explicit TarReader(std::string what);
    virtual ~TarReader();
    TarReader(const TarReader&) = delete;
    TarReader& operator=(const TarReader&) = delete;

    // After an error, that error again.
    Status feed(Bytes bytes);
    // Code::truncated before the end of the tar. Call once, last.
    Status finish();

protected:
    // These run while feed() or finish() waits, on another thread: no call of the host's may be used in them.
    // An entry begins; its content, if any, comes next.
    virtual Status entry(const TarEntry& entry) = 0;
    virtual Status content(Bytes) { return {}; }
    // The tar has its end.
    virtual Status end() { return {}; }

    Error corrupt(const std::string& has) const { return walk_.corrupt(has); }
    Error truncated(const std::string& has) const { return walk_.truncated(has); }

private:
    Status read_through();

    class Turns;
    std::unique_ptr<Turns> turns_;
    TarWalk walk_;
};

}  // namespace bkt::influxdb
