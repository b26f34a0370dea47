#include "core/config/label_value.hpp"

#include <gtest/gtest.h>

namespace bkt::config {
namespace {

TEST(LabelValue, IsAcceptedInItsNormalForm) {
    const struct {
        const char *key, *value, *normal;
    } kCases[] = {
        {"backup", "YES", "true"},
        {"backup", "off", "false"},
        {"name", "shop-db", "shop-db"},
        {"db.name", "a,b", "a,b"},
        {"db.name", "-f", "-f"},
        {"db.port", "5432", "5432"},
        {"compress", "true", "zstd:3"},
        {"compress", "gzip", "gzip:6"},
        {"compress", "zstd:19", "zstd:19"},
        {"timeout", "1h30m", "1h30m"},
        {"db.secret", "env:X", "env:X"},
        {"db.secret", "file:/run/x", "file:/run/x"},
        {"limit-rate", "20MiB", "20MiB"},
        {"db.format", "plain", "plain"},
    };
    for (const auto& c : kCases) {
        const auto checked = check_label(*find_label(c.key), c.value);
        ASSERT_TRUE(checked) << c.key << "=" << c.value << ": " << checked.error().message;
        EXPECT_EQ(*checked, c.normal) << c.key << "=" << c.value;
    }
}

TEST(LabelValue, OutsideItsBoundsIsRefusedWithARemedy) {
    const struct {
        const char* name;
        const char* key;
        std::string value;
    } kCases[] = {
        {"no boolean", "backup", "banana"},
        {"empty", "db.name", ""},
        {"only commas", "db.name", ",,"},
        {"a line break", "db.name", "shop\n"},
        {"a NUL", "db.user", std::string("a\0b", 3)},
        {"64 KiB", "db.name", std::string(65536, 'x')},
        {"a slash in a name", "name", "a/b"},
        {"a name like an option", "name", "-rf"},
        {"a hidden name", "name", ".."},
        {"port 0", "db.port", "0"},
        {"port 65536", "db.port", "65536"},
        {"port with text", "db.port", "5432; rm"},
        {"zstd level 20", "compress", "zstd:20"},
        {"gzip level 0", "compress", "gzip:0"},
        {"unknown method", "compress", "lzma"},
        {"no unit", "timeout", "30"},
        {"a bare password as reference", "db.secret", "hunter2"},
        {"a relative secret file", "db.secret", "file:etc/passwd"},
        {"a secret outside its folder", "db.secret", "docker-secret:../../etc/shadow"},
        {"rate 0", "limit-rate", "0"},
        {"unknown format", "db.format", "custum"},
    };
    for (const auto& c : kCases) {
        const auto checked = check_label(*find_label(c.key), c.value);
        ASSERT_FALSE(checked) << c.name;
        EXPECT_EQ(checked.error().code, Code::invalid) << c.name;
        EXPECT_FALSE(checked.error().hint.empty()) << c.name;
        EXPECT_LT(checked.error().message.size(), 600u) << c.name;
    }
}

TEST(LabelValue, NeverEchoesASecretReference) {
    const auto checked = check_label(*find_label("db.secret"), "hunter2");
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().message.find("hunter2"), std::string::npos);
}

TEST(LabelTable, IsReadInItsOldSpellings) {
    EXPECT_EQ(find_label("backup.compress")->key, "compress");
    EXPECT_EQ(find_label("db.password-file")->key, "db.secret");
    EXPECT_EQ(find_label("nonsense"), nullptr);
}

}  // namespace
}  // namespace bkt::config
