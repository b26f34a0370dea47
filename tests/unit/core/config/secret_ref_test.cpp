#include "core/config/secret_ref.hpp"

#include <gtest/gtest.h>

namespace bkt::config {
namespace {

using Where = SecretRef::Where;

TEST(SecretRef, SaysWhereTheSecretIs) {
    const struct {
        const char* text;
        Where where;
        const char *name, *provider;
    } kCases[] = {
        {"env:PG_PW", Where::target_env, "PG_PW", ""},
        {"file:/run/pw", Where::target_file, "/run/pw", ""},
        {"docker-secret:pw", Where::target_file, "/run/secrets/pw", ""},
        {"host-file:/etc/pw", Where::host_file, "/etc/pw", ""},
        {"credential:pw", Where::credential, "pw", ""},
        {"vault:kv/data/db#pw", Where::provider, "kv/data/db#pw", "vault"},
    };
    for (const auto& c : kCases) {
        const auto ref = parse_secret_ref(c.text);
        ASSERT_TRUE(ref) << c.text;
        EXPECT_EQ(ref->where, c.where) << c.text;
        EXPECT_EQ(ref->name, c.name) << c.text;
        EXPECT_EQ(ref->provider, c.provider) << c.text;
    }
}

TEST(SecretRef, RefusesTheRestWithoutRepeatingIt) {
    for (const char* text : {"hunter2", "", ":", "hunter2:", ":hunter2", "env:", "env:A hunter2",
                             "file:hunter2", "docker-secret:../hunter2", "docker-secret:a/hunter2",
                             "credential:../hunter2", "host-file:hunter2", "hunter2 !:x"}) {
        const auto ref = parse_secret_ref(text);
        ASSERT_FALSE(ref) << text;
        EXPECT_EQ((ref.error().message + ref.error().hint).find("hunter2"), std::string::npos);
        EXPECT_NE(ref.error().hint.find("env:VAR"), std::string::npos);
    }
}

}  // namespace
}  // namespace bkt::config
