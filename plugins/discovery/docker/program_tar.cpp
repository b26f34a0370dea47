#include "plugins/discovery/docker/program_tar.hpp"

#include <algorithm>

namespace bkt::docker {
namespace {

constexpr std::size_t kBlockBytes = 512;

// POSIX.1-1988 ustar: a field's place and its width in the header block.
struct Field {
    std::size_t at, width;
};
constexpr Field kName{0, 100}, kMode{100, 8}, kUser{108, 8}, kGroup{116, 8}, kSize{124, 12},
    kTime{136, 12}, kSum{148, 8}, kType{156, 1}, kMagic{257, 8};

void put_text(std::string& header, Field field, std::string_view text) {
    std::copy_n(text.begin(), std::min(text.size(), field.width),
                header.begin() + static_cast<std::ptrdiff_t>(field.at));
}

// Octal digits, zero-padded, and a NUL.
void put_number(std::string& header, Field field, std::size_t value) {
    for (std::size_t i = field.width - 1; i-- > 0; value /= 8)
        header[field.at + i] = static_cast<char>('0' + value % 8);
}

}  // namespace

std::string tar_of_program(std::string_view name, std::string_view bytes) {
    std::string header(kBlockBytes, '\0');
    put_text(header, kName, name);
    put_number(header, kMode, 0755);
    put_number(header, kUser, 0);
    put_number(header, kGroup, 0);
    put_number(header, kSize, bytes.size());
    put_number(header, kTime, 0);
    put_text(header, kType, "0");
    put_text(header, kMagic, {"ustar\00000", 8});
    // The sum is taken with its own field full of blanks.
    put_text(header, kSum, "        ");
    std::size_t sum = 0;
    for (const char c : header) sum += static_cast<unsigned char>(c);
    put_number(header, {kSum.at, kSum.width - 1}, sum);
    header[kSum.at + kSum.width - 2] = '\0';

    std::string tar = header;
    tar.reserve(bytes.size() + 4 * kBlockBytes);
    tar += bytes;
    tar.resize((tar.size() + kBlockBytes - 1) / kBlockBytes * kBlockBytes, '\0');
    tar.append(2 * kBlockBytes, '\0');
    return tar;
}

}  // namespace bkt::docker
