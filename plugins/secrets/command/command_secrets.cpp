#include "plugins/secrets/command/command_secrets.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace bkt::command_secrets {
namespace {

constexpr std::size_t kMaxRefBytes = 1024;
constexpr std::size_t kMaxSecretBytes = 64 * 1024;
constexpr std::string_view kPlace = "{}";

Result<std::vector<std::string>> list_of(const Call& call, const char* key) {
    const auto list = nlohmann::json::parse(call.config(key), nullptr, false);
    const auto is_word = [](const auto& word) {
        return word.is_string() && !word.template get_ref<const std::string&>().empty() &&
               word.template get_ref<const std::string&>().find('\0') == std::string::npos;
    };
    if (!list.is_array() || list.empty() || !std::all_of(list.begin(), list.end(), is_word))
        return Error{Code::invalid, "'" + std::string(key) + "' is no list of words",
                     "write it as [\"pass\", \"show\", \"{}\"]"};
    return list.get<std::vector<std::string>>();
}

std::vector<std::string> with_reference(std::vector<std::string> words, const std::string& ref) {
    for (auto& word : words)
        for (auto at = word.find(kPlace); at != word.npos; at = word.find(kPlace, at + ref.size()))
            word.replace(at, kPlace.size(), ref);
    return words;
}

}  // namespace

std::vector<Field> CommandSecrets::config() {
    return {text("command",
                 "The program that writes the secret, as a list of words; {} stands for what the "
                 "reference says after the colon")
                .required(),
            text("allow",
                 "Patterns of the references that may be asked for, as a list; all when not set")};
}

Result<std::unique_ptr<CommandSecrets>> CommandSecrets::create(Call& call) {
    BKT_LET(auto command, list_of(call, "command"));
    const auto holds_place = [](const std::string& word) { return word.find(kPlace) != word.npos; };
    if (std::none_of(command.begin() + 1, command.end(), holds_place))
        return Error{Code::invalid, "'command' has no {} where the reference would stand",
                     "write it as [\"pass\", \"show\", \"{}\"]"};
    if (holds_place(command.front()))
        return Error{Code::invalid, "'command' lets the reference name the program",
                     "name the program itself, e.g. [\"pass\", \"show\", \"{}\"]"};
    std::vector<std::string> allow{"*"};
    if (!call.config("allow").empty()) {
        BKT_LET(allow, list_of(call, "allow"));
    }
    return std::make_unique<CommandSecrets>(std::move(command), std::move(allow));
}

Status CommandSecrets::check(const std::string& ref) const {
    const auto hidden = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
    if (ref.empty() || ref.size() > kMaxRefBytes || ref.front() == '-' ||
        std::any_of(ref.begin(), ref.end(), hidden))
        return Error{Code::invalid, "'" + ref + "' is no name of a secret",
                     "write 1-1024 characters that do not begin with '-'"};
    const auto matches = [&](const std::string& pattern) {
        return ::fnmatch(pattern.c_str(), ref.c_str(), 0) == 0;
    };
    if (std::none_of(allow_.begin(), allow_.end(), matches))
        return Error{Code::denied, "'" + ref + "' is not one of the secrets in 'allow'",
                     "add it to 'allow' of the provider, or correct the reference"};
    return {};
}

Result<SecretValue> CommandSecrets::resolve(Call& call, std::string_view asked) {
    const std::string ref(asked);
    BKT_TRY(check(ref));
    SecretValue value;
    auto ran =
        call.exec(with_reference(command_, ref)).capture(value.bytes, kMaxSecretBytes).result();
    if (!ran) return std::move(ran).error().within("'" + ref + "'");
    if (ran->exit_code != 0) return Exec::failure(command_.front(), *ran).within("'" + ref + "'");
    if (value.bytes.ends_with('\n')) value.bytes.pop_back();
    if (value.bytes.empty())
        return Error{Code::not_found, "'" + command_.front() + "' wrote nothing for '" + ref + "'",
                     "run it by hand to see what it says"};
    return value;
}

Result<std::string> CommandSecrets::health(Call&) {
    std::string line;
    for (const auto& word : command_) line += (line.empty() ? "" : " ") + word;
    return "runs '" + line + "' for each secret";
}

}  // namespace bkt::command_secrets
