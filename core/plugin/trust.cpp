#include "core/plugin/trust.hpp"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sstream>

#include "core/base/secret.hpp"
#include "core/plugin/manifest.hpp"
#include "core/plugin/safe_path.hpp"
#include "core/plugin/search.hpp"

namespace bkt::plugin {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxListBytes = 1 << 20;
constexpr std::size_t kMaxKeyBytes = 16 << 10;
constexpr std::size_t kMaxKeys = 100;
constexpr std::size_t kSignatureBytes = 64;

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

Bio memory_of(std::string_view text) {
    return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free);
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

Result<Key> read_public_key(int folder, const std::string& path, const std::string& name) {
    BKT_LET(auto opened, open_entry(folder, path, name));
    if (opened.unsafe) return std::move(*opened.unsafe);
    BKT_LET(const auto text, read_text(opened.fd.get(), path + "/" + name, kMaxKeyBytes));
    Key key(PEM_read_bio_PUBKEY(memory_of(text).get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
    if (!key || EVP_PKEY_id(key.get()) != EVP_PKEY_ED25519)
        return Error{Code::invalid, "'" + path + "/" + name + "' is no Ed25519 public key",
                     "`openssl pkey -in private.pem -pubout` prints one"};
    return key;
}

bool verifies(const Key& key, std::string_view text, std::string_view signature) {
    const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    return context &&
           EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text),
                            text.size()) == 1;
}

int no_passphrase(char*, int, int, void*) { return -1; }

}  // namespace

std::string_view trust_name(Trust trust) {
    switch (trust) {
        case Trust::none: return "none";
        case Trust::unsigned_code: return "unsigned";
        case Trust::pinned: return "pinned";
        case Trust::signed_code: return "signed";
        case Trust::builtin: return "builtin";
    }
    return "none";
}

Result<BuiltinList> BuiltinList::read(const std::string& plugins_folder) {
    BuiltinList list;
    const auto above = fs::path(plugins_folder).parent_path().string();
    auto folder = open_folder(above);
    if (!folder && folder.error().code == Code::not_found) return list;
    if (!folder) return std::move(folder).error();
    auto file = open_entry(folder->fd.get(), above, "plugins.sha256", beside_program_owners());
    if (!file && file.error().code == Code::not_found) return list;
    if (!file) return std::move(file).error();
    if (file->unsafe) return std::move(*file->unsafe);
    BKT_LET(const auto text, read_text(file->fd.get(), above + "/plugins.sha256", kMaxListBytes));
    std::istringstream lines(text);
    constexpr std::string_view kPrefix = "  plugins/";
    for (std::string line; std::getline(lines, line);)
        if (line.size() > 64 + kPrefix.size() && line.compare(64, kPrefix.size(), kPrefix) == 0 &&
            is_sha256(line.substr(0, 64)))
            list.hashes_[line.substr(64 + kPrefix.size())] = line.substr(0, 64);
    return list;
}

std::optional<std::string> BuiltinList::find(const std::string& id,
                                             const std::string& library) const {
    const auto found = hashes_.find(id + "/" + library);
    return found == hashes_.end() ? std::nullopt : std::optional(found->second);
}

TrustedKeys TrustedKeys::read(const std::string& folder) {
    TrustedKeys keys;
    auto opened = open_folder(folder);
    if (!opened) {
        if (opened.error().code != Code::not_found)
            keys.problems_.push_back(std::move(opened).error());
        return keys;
    }
    if (opened->unsafe) {
        keys.problems_.push_back(
            std::move(*opened->unsafe).within("no key of '" + folder + "' is trusted"));
        return keys;
    }
    std::vector<std::string> names;
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(folder, ec))
        if (entry.path().extension() == ".pem") names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    if (names.size() > kMaxKeys) names.resize(kMaxKeys);
    for (const auto& name : names) {
        auto key = read_public_key(opened->fd.get(), folder, name);
        if (key) keys.keys_[name] = *std::move(key);
        else keys.problems_.push_back(std::move(key).error().within("a key is not trusted"));
    }
    return keys;
}

std::optional<std::string> TrustedKeys::who_signed(std::string_view text,
                                                   std::string_view signature) const {
    if (signature.size() != kSignatureBytes) return std::nullopt;
    for (const auto& [name, key] : keys_)
        if (verifies(key, text, signature)) return name;
    return std::nullopt;
}

Result<std::string> sign(std::string_view text, const std::string& key_file) {
    const UniqueFd fd(::open(key_file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat st {};
    if (!fd || ::fstat(fd.get(), &st) != 0)
        return Error{Code::not_found, "cannot open '" + key_file + "': " + std::strerror(errno),
                     "`openssl genpkey -algorithm ed25519 -out FILE` makes a key"};
    if (st.st_mode & 077)
        return Error{Code::denied, "others may read the private key '" + key_file + "'",
                     "chmod 600 '" + key_file + "'"};
    BKT_LET(auto pem, read_text(fd.get(), key_file, kMaxKeyBytes));
    const base::Secret held(std::move(pem));
    const Key key(
        PEM_read_bio_PrivateKey(memory_of(held.reveal()).get(), nullptr, &no_passphrase, nullptr),
        &EVP_PKEY_free);
    if (!key || EVP_PKEY_id(key.get()) != EVP_PKEY_ED25519)
        return Error{Code::invalid,
                     "'" + key_file + "' is no Ed25519 private key without a passphrase",
                     "`openssl genpkey -algorithm ed25519 -out FILE` makes one"};
    const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::string signature(kSignatureBytes, '\0');
    std::size_t size = signature.size();
    if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       bytes_of(text), text.size()) != 1)
        return Error{Code::failed, "OpenSSL could not sign with '" + key_file + "'"};
    signature.resize(size);
    return signature;
}

}  // namespace bkt::plugin
