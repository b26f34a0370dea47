#include "core/cli/junit.hpp"

#include <algorithm>
#include <fstream>

namespace bkt::cli {

namespace {

// XML 1.0 has no way to write other control characters.
std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\n': out += "&#10;"; break;
            default: out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
        }
    }
    return out;
}

}  // namespace

void Junit::add(const std::string& group, const std::string& name,
                const std::vector<std::string>& findings, std::chrono::milliseconds took,
                const std::vector<std::string>& notes) {
    ++count_;
    cases_ +=
        "  <testcase classname=\"" + escaped(group) + "\" name=\"" + escaped(name) + "\" time=\"" +
        std::to_string(took.count() / 1000) + "." +
        std::string(3 - std::min<std::size_t>(3, std::to_string(took.count() % 1000).size()), '0') +
        std::to_string(took.count() % 1000) + "\"";
    if (findings.empty() && notes.empty()) {
        cases_ += "/>\n";
        return;
    }
    if (!findings.empty()) ++failed_;
    cases_ += ">\n";
    for (const auto& finding : findings)
        cases_ += "    <failure message=\"" + escaped(finding) + "\"/>\n";
    for (const auto& note : notes) cases_ += "    <system-out>" + escaped(note) + "</system-out>\n";
    cases_ += "  </testcase>\n";
}

void Junit::set(const std::string& property, const std::string& value) {
    properties_ +=
        "    <property name=\"" + escaped(property) + "\" value=\"" + escaped(value) + "\"/>\n";
}

std::string Junit::text() const {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"" + escaped(suite_) +
           "\" tests=\"" + std::to_string(count_) + "\" failures=\"" + std::to_string(failed_) +
           "\">\n" +
           (properties_.empty() ? "" : "  <properties>\n" + properties_ + "  </properties>\n") +
           cases_ + "</testsuite>\n";
}

Status Junit::write(const std::string& file) const {
    std::ofstream out(file, std::ios::trunc);
    out << text();
    out.flush();
    if (out) return {};
    return Error{Code::denied, "cannot write '" + file + "'",
                 "name a file in a folder you may write"};
}

}  // namespace bkt::cli
