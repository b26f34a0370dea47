#include "core/config/argv.hpp"

#include <nlohmann/json.hpp>

namespace bkt::config {

namespace {

Error bad(std::string why, std::string hint = "write a JSON array, e.g. [\"tool\", \"--all\"]") {
    return {Code::invalid, std::move(why), std::move(hint)};
}

Result<std::vector<std::string>> from_json(std::string_view text) {
    const auto list = nlohmann::json::parse(text, nullptr, false);
    if (!list.is_array()) return bad("is no JSON array");
    std::vector<std::string> argv;
    for (const auto& word : list) {
        if (!word.is_string()) return bad("holds something that is no text");
        argv.push_back(word.get<std::string>());
    }
    return argv;
}

// Words of POSIX sh, 2.2 Quoting, without any of its expansions.
class Words {
public:
    explicit Words(std::string_view text) : text_(text) {}

    Result<std::vector<std::string>> read() {
        while (at_ < text_.size()) {
            const char c = text_[at_++];
            if (c == ' ') end_word();
            else if (c == '\'') BKT_TRY(single_quoted());
            else if (c == '"') BKT_TRY(double_quoted());
            else if (c == '\\') BKT_TRY(escaped());
            else if (is_shells_own(c)) return shells_own(c);
            else add(c);
        }
        end_word();
        return std::move(words_);
    }

private:
    bool is_shells_own(char c) const {
        return std::string_view("$`|&;<>()*?[").find(c) != std::string_view::npos ||
               (!in_word_ && (c == '~' || c == '#'));
    }
    static Error shells_own(char c) {
        return bad(std::string("holds an unquoted '") + c + "', and no shell is there to act on it",
                   "quote it, or name the shell: sh -c '…'");
    }
    void add(char c) { word_ += c, in_word_ = true; }
    void end_word() {
        if (in_word_) words_.push_back(std::move(word_));
        word_.clear(), in_word_ = false;
    }
    Status single_quoted() {
        const auto end = text_.find('\'', at_);
        if (end == text_.npos) return bad("has a quote ' that is not closed");
        word_ += text_.substr(at_, end - at_);
        in_word_ = true, at_ = end + 1;
        return {};
    }
    Status double_quoted() {
        in_word_ = true;
        while (at_ < text_.size()) {
            char c = text_[at_++];
            if (c == '"') return {};
            if (c == '$' || c == '`') return shells_own(c);
            if (c == '\\' && at_ < text_.size() &&
                std::string_view("$`\"\\").find(text_[at_]) != std::string_view::npos)
                c = text_[at_++];
            word_ += c;
        }
        return bad("has a quote \" that is not closed");
    }
    Status escaped() {
        if (at_ == text_.size()) return bad("ends with a backslash");
        add(text_[at_++]);
        return {};
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::string word_;
    bool in_word_ = false;
    std::vector<std::string> words_;
};

// The library's two ways around a bad byte differ in length only when there is one.
bool is_utf8(const std::string& text) {
    using Json = nlohmann::json;
    return Json(text).dump(-1, ' ', false, Json::error_handler_t::ignore).size() ==
           Json(text).dump(-1, ' ', false, Json::error_handler_t::replace).size();
}

}  // namespace

Result<std::vector<std::string>> parse_argv(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    const bool json = first != text.npos && text[first] == '[';
    BKT_LET(auto argv, json ? from_json(text) : Words(text).read());
    if (argv.empty() || argv.front().empty()) return bad("names no program");
    if (argv.size() > kMaxArgs)
        return bad("has more than " + std::to_string(kMaxArgs) + " words", "put it into a script");
    for (const auto& word : argv) {
        if (word.find('\0') != word.npos) return bad("holds a NUL byte");
        if (!is_utf8(word)) return bad("is not UTF-8");
    }
    return argv;
}

std::string to_text(const std::vector<std::string>& argv) { return nlohmann::json(argv).dump(); }

}  // namespace bkt::config
