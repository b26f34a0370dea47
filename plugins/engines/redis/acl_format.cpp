#include "plugins/engines/redis/acl_format.hpp"

namespace bkt::redis {
namespace {

std::string last_line_for(std::size_t users) { return "# " + std::to_string(users) + " users\n"; }

class AclTap final : public Tap {
public:
    Status feed(Call&, Bytes bytes) override {
        if (text_.size() + bytes.size() > kMaxAclBytes)
            return Error{Code::corrupt, "the list of users is larger than 8 MiB"};
        text_.append(as_text(bytes));
        return {};
    }
    Status finish(Call&) override { return check_acl(text_); }

private:
    std::string text_;
};

// Takes the next line, without its end; nullopt when no whole one is left.
std::optional<std::string_view> take_line(std::string_view& text) {
    const auto end = text.find('\n');
    if (end == text.npos) return std::nullopt;
    auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

}  // namespace

Result<std::string> acl_text(std::string_view list) {
    std::string text;
    std::size_t users = 0;
    while (const auto line = take_line(list)) {
        if (line->empty()) continue;
        if (!line->starts_with("user "))
            return Error{Code::corrupt, "the server's list of users holds a line that is none"};
        text.append(*line) += '\n';
        ++users;
    }
    // There is always the default user: an empty list is no list.
    if (users == 0 || !list.empty())
        return Error{Code::truncated, "the server's list of users came cut"};
    return text + last_line_for(users);
}

Status check_acl(std::string_view text) {
    const Error truncated{Code::truncated, "the list of users ends before its last line",
                          "do not use this backup; make a new one"};
    const Error corrupt{Code::corrupt, "the list of users holds what is no user",
                        "do not use this backup; make a new one"};
    std::size_t users = 0;
    while (text.starts_with("user ")) {
        if (!take_line(text)) return truncated;
        ++users;
    }
    if (text.empty() || users == 0) return truncated;
    const std::string end = last_line_for(users);
    if (text == end) return {};
    if (end.starts_with(text)) return truncated;
    return corrupt;
}

std::unique_ptr<Tap> acl_tap() { return std::make_unique<AclTap>(); }

}  // namespace bkt::redis
