// Compose files as people write them, and what `docker inspect` prints: which labels, on which lines.
#include "core/config/containers_file.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace bkt::config {
namespace {

// "key=value@line", "~" in front when Compose fills it in; containers apart by "; ".
std::string told(const ContainersFile& file) {
    std::string text;
    for (const auto& c : file.containers) {
        text += (text.empty() ? "" : "; ") + c.name + ":";
        for (const auto& [key, label] : c.labels)
            text += std::string(label.filled_in ? " ~" : " ") + key.substr(10) + "=" + label.value +
                    "@" + std::to_string(label.line);
    }
    return text;
}

TEST(ContainersFile, FindsEachLabelOnItsLine) {
    const struct {
        const char* name;
        const char* text;
        const char* labels;
    } kCases[] = {
        {"a map",
         "services:\n  db:\n    labels:\n      baktainer.backup: true\n      other: x\n"
         "      baktainer.db.port: 5432\n",
         "shop/db: backup=true@4 db.port=5432@6"},
        {"a list",
         "services:\n  db:\n    labels:\n      - baktainer.backup=true\n"
         "      - \"baktainer.db.name=a=b\"\n      - baktainer.name\n",
         "shop/db: backup=true@4 db.name=a=b@5 name=@6"},
        {"flow style on one line",
         "services: { db: { image: x, labels: { baktainer.backup: 'yes' } } }\n",
         "shop/db: backup=yes@1"},
        {"a project's own name",
         "name: blog\nservices:\n  web:\n    labels: [baktainer.backup=true]\n",
         "blog/web: backup=true@4"},
        {"labels of deploy, below the service's own",
         "services:\n  db:\n    labels:\n      baktainer.compress: none\n    deploy:\n"
         "      labels:\n        - baktainer.backup=true\n        - baktainer.compress=gzip\n",
         "shop/db: backup=true@7 compress=none@4"},
        {"an anchor",
         "x-l: &l\n  baktainer.backup: \"true\"\nservices:\n  a: { labels: *l }\n"
         "  b: { labels: *l }\n",
         "shop/a: backup=true@2; shop/b: backup=true@2"},
        {"a merge, under the map's own keys",
         "x-l: &l\n  baktainer.backup: \"true\"\n  baktainer.compress: gzip\nservices:\n  a:\n"
         "    labels:\n      <<: *l\n      baktainer.compress: none\n",
         "shop/a: backup=true@2 compress=none@8"},
        {"merges of several, the first wins",
         "x-a: &a { baktainer.compress: gzip }\nx-b: &b { baktainer.compress: none, "
         "baktainer.backup: 1 }\nservices:\n  a:\n    labels:\n      <<: [*a, *b]\n",
         "shop/a: backup=1@2 compress=gzip@1"},
        {"a merged service",
         "x-s: &s\n  image: postgres\n  labels:\n    - baktainer.backup=true\nservices:\n  a:\n"
         "    <<: *s\n    environment: {}\n",
         "shop/a: backup=true@4"},
        {"interpolation",
         "services:\n  a:\n    labels:\n      baktainer.name: ${N:-x}\n"
         "      baktainer.db.user: $U\n      baktainer.db.password: a$$b\n"
         "      baktainer.db.host: 5$\n",
         "shop/a: db.host=5$@7 db.password=a$b@6 ~db.user=$U@5 ~name=${N:-x}@4"},
        {"quoted and folded",
         "services:\n  a:\n    labels:\n      'baktainer.db.name': >-\n        one,\n        two\n",
         "shop/a: db.name=one, two@4"},
        {"comments and an empty service",
         "# top\nservices:\n  none:\n  a:\n    # here\n    labels:\n      # and here\n"
         "      baktainer.backup: true # there\n",
         "shop/a: backup=true@8"},
        {"docker inspect",
         "[\n    {\n        \"Name\": \"/db-1\",\n        \"Config\": {\n            \"Env\": "
         "[\"A=b\"],\n            \"Image\": \"postgres:17\",\n            \"Labels\": {\n"
         "                \"baktainer.backup\": \"true\",\n                \"x\": \"y\",\n"
         "                \"baktainer.db.name\": \"$a\"\n            }\n        }\n    }\n]\n",
         "db-1: backup=true@8 db.name=$a@10"},
        {"docker inspect of a compose container, on one line",
         R"([{"Name":"/x","Config":{"Labels":{"baktainer.backup":"true","com.docker.compose.project":"p","com.docker.compose.service":"s"}}}])",
         "p/s: backup=true@1"},
        {"docker inspect without labels", R"({"Name":"/x","Config":{"Labels":null}})", "x:"},
    };
    for (const auto& c : kCases) {
        const auto file = read_containers(c.text, "/srv/shop/compose.yaml");
        ASSERT_TRUE(file) << c.name << ": " << file.error().message;
        EXPECT_EQ(told(*file), c.labels) << c.name;
    }
}

TEST(ContainersFile, KnowsTheImageAndTheEnvironmentInBothForms) {
    const struct {
        const char *name, *text;
    } kCases[] = {
        {"map", "services:\n  a:\n    image: postgres:17\n    environment: { U: app, P: }\n"},
        {"list", "services:\n  a:\n    image: postgres:17\n    environment: [U=app, P]\n"},
        {"inspect", R"([{"Config":{"Image":"postgres:17","Env":["U=app","P="]}}])"},
    };
    for (const auto& c : kCases) {
        const auto file = read_containers(c.text, "compose.yaml");
        ASSERT_TRUE(file) << c.name;
        const auto& container = file->containers.at(0);
        EXPECT_EQ(container.image, "postgres:17") << c.name;
        EXPECT_EQ(container.env.at("U").reveal(), "app") << c.name;
        EXPECT_EQ(container.env.count("P"), 1u) << c.name;
    }
}

TEST(ContainersFile, RemarksOnWhatItDoesNotDo) {
    const struct {
        const char* name;
        const char* text;
        unsigned line;
        bool error;
        const char* says;
    } kCases[] = {
        {"interpolation", "services:\n  a:\n    labels:\n      baktainer.name: ${N}\n", 4, false,
         "'baktainer.name' is filled in by Compose"},
        {"extends", "services:\n  a:\n    image: x\n    extends: { file: b.yaml, service: b }\n", 4,
         false, "'extends' is not followed"},
        {"include", "include: [b.yaml]\nservices: {}\n", 1, false, "'include' is not followed"},
        {"env_file", "services:\n  a:\n    labels: [baktainer.backup=true]\n    env_file: .env\n",
         4, false, "'env_file' is not followed"},
        {"a label twice in a list",
         "services:\n  a:\n    labels:\n      - baktainer.name=a\n      - baktainer.name=b\n", 5,
         true, "'baktainer.name' is written twice"},
        {"a label twice in a map",
         "services:\n  a:\n    labels:\n      baktainer.name: a\n      baktainer.name: b\n", 5,
         true, "'baktainer.name' is written twice"},
        {"a list as value", "services:\n  a:\n    labels:\n      baktainer.db.name: [a, b]\n", 4,
         true, "'baktainer.db.name' is no plain text"},
    };
    for (const auto& c : kCases) {
        const auto file = read_containers(c.text, "compose.yaml");
        ASSERT_TRUE(file) << c.name << ": " << file.error().message;
        ASSERT_EQ(file->remarks.size(), 1u) << c.name;
        EXPECT_EQ(file->remarks[0].line, c.line) << c.name;
        EXPECT_EQ(file->remarks[0].error, c.error) << c.name;
        EXPECT_NE(file->remarks[0].text.find(c.says), std::string::npos)
            << c.name << ": " << file->remarks[0].text;
    }
}

TEST(ContainersFile, SaysWhereItIsNoSuchFile) {
    const struct {
        const char *name, *text, *says;
    } kCases[] = {
        {"no YAML", "services:\n  a: [\n", "compose.yaml:3: not valid YAML"},
        {"something else", "hello: world\n", "compose.yaml:1: neither"},
        {"nothing", "", "neither"},
        {"a list of other things", "[1, 2]", "neither"},
        {"a text", "text", "neither"},
    };
    for (const auto& c : kCases) {
        const auto file = read_containers(c.text, "compose.yaml");
        ASSERT_FALSE(file) << c.name;
        EXPECT_EQ(file.error().code, Code::invalid) << c.name;
        EXPECT_NE(file.error().message.find(c.says), std::string::npos)
            << c.name << ": " << file.error().message;
    }
}

TEST(ContainersFile, IsNotSlowedDownByMergesOfMerges) {
    std::string text = "x-0: &m0 { baktainer.backup: 'true' }\n";
    for (int i = 1; i <= 12; ++i) {
        const auto below = "*m" + std::to_string(i - 1);
        text += "x-" + std::to_string(i) + ": &m" + std::to_string(i) + "\n  <<: [" + below;
        for (int n = 0; n < 9; ++n) text += ", " + below;
        text += "]\n";
    }
    const auto began = std::chrono::steady_clock::now();
    const auto file =
        read_containers(text + "services: { a: { labels: *m12 }, b: *m12 }\n", "c.yaml");
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
    ASSERT_TRUE(file) << file.error().message;
}

TEST(ContainersFile, SurvivesAMergeOfItself) {
    const auto file = read_containers(
        "services:\n  a: &a\n    <<: *a\n    labels: &l\n      <<: *l\n      baktainer.backup: 1\n",
        "compose.yaml");
    if (!file) return;  // refusing it is as good
    EXPECT_EQ(file->containers.at(0).labels.size(), 1u);
}

}  // namespace
}  // namespace bkt::config
