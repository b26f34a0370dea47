// InfluxDB 2's backup API as a server of 2.7.12 was seen to answer it. The real one is met in tests/contract.
#include <gtest/gtest.h>

#include "plugins/engines/influxdb/influxdb_engine.hpp"
#include "plugins/engines/influxdb/tar_reader.hpp"
#include "tests/support/engine_bench.hpp"
#include "tests/unit/plugins/engines/influxdb/shard_tar.hpp"

namespace bkt::influxdb {
namespace {

using testing::FakeAnswer;
using testing::FakeRequest;

constexpr const char* kHealth =
    R"({"name":"influxdb","message":"ready","status":"pass","checks":[],"version":"v2.7.12"})";

std::string metadata_part(const std::string& name, const std::string& text) {
    return "\r\nContent-Disposition: attachment; name=\"" + name +
           "\"\r\nContent-Type: application/octet-stream\r\n\r\n" + text + "\r\n--b";
}
std::string shard_bytes(const std::string& text) { return a_shard(text, "b/autogen/1/1.tsm"); }

class ApiBackup : public ::testing::Test {
protected:
    ApiBackup() {
        bench_.host.config = {{"mode", "remote"}, {"db.host", "10.0.0.2"}};
        bench_.host.secrets["db.password"] = "t0ken";
        bench_.host.sleeps_at_once = true;
        bench_.host.http.answer = [this](const FakeRequest& r) { return answer(r); };
    }

    Result<FakeAnswer> answer(const FakeRequest& r) {
        const auto path = r.url.substr(r.url.find('/', 8));
        if (const auto at = instead.find(path); at != instead.end()) return at->second;
        const bool open = path == "/health" || path == "/api/v2/setup";
        if (!open && r.header("Authorization") != "Token " + token)
            return FakeAnswer{401, "{}", {}};
        if (path == "/health") return FakeAnswer{200, kHealth, {}};
        if (path == "/api/v2/setup") return FakeAnswer{200, R"({"allowed": false})", {}};
        if (path == "/api/v2/config") return FakeAnswer{200, "{}", {}};
        if (path == "/metrics")
            return FakeAnswer{200,
                              "x 1\nstorage_shard_disk_size{bucket=\"b\",id=\"1\"} 2e+06\n"
                              "storage_shard_disk_size{bucket=\"b\",id=\"3\"} 500\n",
                              {}};
        if (path == "/api/v2/backup/metadata") return FakeAnswer{200, metadata, {}};
        if (path == "/api/v2/backup/shards/1" && busy > 0 && busy--)
            return FakeAnswer{500, "{}", {}};
        if (path == "/api/v2/backup/shards/1") return FakeAnswer{200, shard_bytes("one"), {}};
        if (path == "/api/v2/backup/shards/3") return FakeAnswer{404, "{}", {}};
        if (path == "/api/v2/restore/kv") {
            token = "the-backups";
            return FakeAnswer{200, R"({"token":"the-backups"})", {}};
        }
        if (path.starts_with("/api/v2/restore/")) return FakeAnswer{200, "", {}};
        return FakeAnswer{404, "{}", {}};
    }

    Status back_up() {
        plan_.emplace();
        out_.emplace(*plan_);
        bench_.reopen();
        BKT_TRY(bench_.plan(*plan_));
        return bench_.dump(*plan_, *out_);
    }
    Status restore() {
        const testing::MemoryPartsIn in(*out_);
        bench_.reopen();
        bench_.host.http.requests.clear();
        return bench_.restore(in);
    }
    std::vector<std::string> asked() const {
        std::vector<std::string> all;
        for (const auto& r : bench_.host.http.requests)
            all.push_back(r.method + " " + r.url.substr(r.url.find('/', 8)));
        return all;
    }

    test::EngineBench<InfluxdbEngine> bench_;
    std::optional<testing::MemoryPlan> plan_;
    std::optional<testing::MemoryPartsOut> out_;
    std::string token = "t0ken";
    int busy = 0;                               // answers of a shard that fail
    std::map<std::string, FakeAnswer> instead;  // by path
    std::string metadata =
        "--b" +
        metadata_part("kv", std::string(16, '\0') + "\xed\xda\x0c\xed" + std::string(40, 'k')) +
        metadata_part("sql", std::string("SQLite format 3\0", 16) + std::string(40, 's')) +
        metadata_part(
            "buckets",
            R"([{"retentionPolicies":[{"shardGroups":[{"shards":[{"id":1},{"id":3}]}]}]}])") +
        "--\r\n";
};

TEST_F(ApiBackup, TakesMetadataThenShardsAndNotesWhatExpired) {
    const auto done = back_up();
    ASSERT_TRUE(done) << test::said(done);
    EXPECT_TRUE(out_->complete());
    EXPECT_EQ(plan_->parts.at("influxdb2.tar").estimate_bytes, 2'000'500u);
    EXPECT_EQ(out_->facts.at("server_version"), "2.7.12");
    EXPECT_EQ(out_->facts.at("shards"), "1");
    EXPECT_EQ(out_->facts.at("expired_shards"), "1");
    const auto whole = bench_.validate("influxdb2.tar", plan_->parts.at("influxdb2.tar").media_type,
                                       out_->text("influxdb2.tar"));
    EXPECT_TRUE(whole) << test::said(whole);
    EXPECT_TRUE(bench_.host.requests.empty()) << "no tool is run";
    for (const auto& r : bench_.host.http.requests) {
        EXPECT_TRUE(r.url.starts_with("http://10.0.0.2:8086/")) << r.url;
        EXPECT_EQ(r.url.find("t0ken"), std::string::npos);
    }
}

TEST_F(ApiBackup, IsRestoredWithTheTokenThatTheRestoredServerNames) {
    ASSERT_TRUE(back_up());
    bench_.host.config["restore.clean"] = "true";
    const auto done = restore();
    ASSERT_TRUE(done) << test::said(done);
    EXPECT_EQ(asked(),
              (std::vector<std::string>{"GET /health", "GET /api/v2/setup", "GET /api/v2/config",
                                        "POST /api/v2/restore/kv", "POST /api/v2/restore/sql",
                                        "POST /api/v2/restore/shards/1", "GET /api/v2/config"}));
    EXPECT_EQ(bench_.host.http.requests[5].body, shard_bytes("one"));
    EXPECT_EQ(bench_.host.http.requests[5].header("Authorization"), "Token the-backups");
    std::string log;
    for (const auto& line : bench_.host.log_lines) log += line + "\n";
    EXPECT_NE(log.find("is replaced by the backup's"), std::string::npos) << log;
    EXPECT_NE(log.find("'db.secret'"), std::string::npos) << "the old token is none any more";
    EXPECT_EQ(log.find("the-backups"), std::string::npos);
}

TEST_F(ApiBackup, IsRestoredIntoAServerThatNobodySetUp) {
    ASSERT_TRUE(back_up());
    bench_.host.config["restore.clean"] = "true";
    bench_.host.secrets.clear();
    bench_.host.http.answer = [this](const FakeRequest& r) -> Result<FakeAnswer> {
        if (!r.url.ends_with("/api/v2/setup")) return answer(r);
        if (r.method == "GET") return FakeAnswer{200, R"({"allowed": true})", {}};
        token = "made";
        return FakeAnswer{201, R"({"auth":{"token":"made"}})", {}};
    };
    const auto done = restore();
    EXPECT_TRUE(done) << test::said(done);
    EXPECT_EQ(token, "the-backups");
    for (const auto& line : bench_.host.log_lines)
        EXPECT_EQ(line.find("'db.secret'"), std::string::npos) << "none is configured";
}

TEST_F(ApiBackup, ReplacesNoServerUnlessItIsWished) {
    ASSERT_TRUE(back_up());
    const auto refused = restore();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::exists);
    bench_.host.config["restore.clean"] = "true";
    bench_.host.config["restore.database"] = "shop";
    EXPECT_EQ(restore().error().code, Code::invalid);
    EXPECT_TRUE(asked().empty());
}

TEST_F(ApiBackup, ThatStopsMidwaySaysSo) {
    ASSERT_TRUE(back_up());
    bench_.host.config["restore.clean"] = "true";
    instead["/api/v2/restore/shards/1"] = {500, "{}", {}};
    const auto failed = restore();
    ASSERT_FALSE(failed);
    EXPECT_NE(failed.error().message.find("shards/1.tar"), std::string::npos);
    EXPECT_NE(failed.error().hint.find("half of the backup"), std::string::npos);
}

TEST_F(ApiBackup, FailsOnWhatTheServerRefusesOrCuts) {
    const struct {
        const char* name;
        std::string path;
        FakeAnswer answer;
        Code code;
    } kCases[] = {
        {"a token that is no operator's", "/api/v2/config", {401, "{}", {}}, Code::denied},
        {"no rights for the backup", "/api/v2/backup/metadata", {401, "{}", {}}, Code::denied},
        {"2.0 has no such backup", "/api/v2/backup/metadata", {404, "{}", {}}, Code::unsupported},
        {"metadata that end early",
         "/api/v2/backup/metadata",
         {200, metadata.substr(0, metadata.size() - 4), {}},
         Code::truncated},
        {"metadata that are none", "/api/v2/backup/metadata", {200, "{}\r\n", {}}, Code::corrupt},
        {"a bucket list that is none",
         "/api/v2/backup/metadata",
         {200, "--b" + metadata_part("buckets", "{\"a\":7}") + "--", {}},
         Code::corrupt},
        {"a shard that cannot be read",
         "/api/v2/backup/shards/1",
         {500, "{}", {}},
         Code::unavailable},
        {"InfluxDB 1",
         "/health",
         {200, R"({"name":"influxdb","version":"1.8.3"})", {}},
         Code::unsupported},
        {"InfluxDB 3", "/health", {200, "OK", {}}, Code::unsupported},
        {"a server of something else", "/health", {404, "", {}}, Code::unsupported},
        {"a server that starts", "/health", {503, "", {}}, Code::unavailable},
    };
    for (const auto& c : kCases) {
        instead = {{c.path, c.answer}};
        const auto failed = back_up();
        ASSERT_FALSE(failed) << c.name;
        EXPECT_EQ(failed.error().code, c.code) << c.name << ": " << failed.error().message;
        EXPECT_FALSE(out_->complete()) << c.name;
    }
}

// Its cache is written out, its files are merged: in a moment it will do.
TEST_F(ApiBackup, WaitsForAShardThatTheServerIsBusyWith) {
    busy = 3;
    const auto done = back_up();
    ASSERT_TRUE(done) << test::said(done);
    EXPECT_TRUE(out_->complete());
    EXPECT_EQ(bench_.host.slept_ns, 3'500'000'000u);
    const auto whole = bench_.validate("influxdb2.tar", plan_->parts.at("influxdb2.tar").media_type,
                                       out_->text("influxdb2.tar"));
    EXPECT_TRUE(whole) << test::said(whole);

    busy = 100;
    const auto failed = back_up();
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, Code::unavailable);
    EXPECT_EQ(bench_.host.slept_ns, 3'500'000'000u + 15'500'000'000u);
    EXPECT_FALSE(out_->complete());
}

TEST_F(ApiBackup, FailsWithTheStoresOwnReason) {
    plan_.emplace();
    ASSERT_TRUE(bench_.plan(*plan_));
    out_.emplace(*plan_);
    out_->fail_at_byte["influxdb2.tar"] = 100;
    const auto failed = bench_.dump(*plan_, *out_);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, Code::no_space);
}

TEST_F(ApiBackup, RefusesSettingsThatMeanNothingOrNoHost) {
    const struct {
        const char *key, *value;
    } kCases[] = {{"db.name", "_tasks"},     {"db.name", "a\"b"},    {"db.host", ""},
                  {"db.host", "a/b"},        {"db.host", "u@h"},     {"db.host", "h?x"},
                  {"db.host", "https://"},   {"db.host", "ftp://h"}, {"db.port", "0"},
                  {"db.host", "10.0.0.2#f"}, {"db.host", "a b"}};
    for (const auto& c : kCases) {
        bench_.host.config = {{"mode", "remote"}, {"db.host", "10.0.0.2"}};
        bench_.host.config[c.key] = c.value;
        const auto failed = back_up();
        ASSERT_FALSE(failed) << c.value;
        EXPECT_EQ(failed.error().code, Code::invalid) << c.value;
    }
    EXPECT_TRUE(bench_.host.http.requests.empty());
    for (const auto& [host, url] : {std::pair{"https://db.lan", "https://db.lan:8086/health"},
                                    std::pair{"fd00::7", "http://[fd00::7]:8086/health"}}) {
        bench_.host.config["db.host"] = host;
        bench_.host.config.erase("db.port");
        EXPECT_TRUE(back_up()) << host;
        EXPECT_EQ(bench_.host.http.requests.front().url, url);
        bench_.host.http.requests.clear();
    }
}

// A server with two organisations, of which one has two buckets.
class BucketBackups : public ApiBackup {
protected:
    BucketBackups() {
        bench_.host.config["db.org"] = "acme";
        bench_.host.config["db.name"] = "shop,te/le";
        const auto bucket = [](const char* org, const char* name, const char* groups) {
            return std::string(R"({"organizationName":")") + org +
                   R"(","organizationID":"0a","bucketName":")" + name +
                   R"(","retentionPolicies":[{"name":"autogen","shardGroups":[)" + groups + "]}]}";
        };
        metadata = "--b" + metadata_part("kv", "secret tokens") + metadata_part("sql", "s") +
                   metadata_part(
                       "buckets",
                       "[" +
                           bucket("acme", "shop",
                                  R"({"shards":[{"id":1}]},{"shards":[{"id":3}]},)"
                                  R"({"deletedAt":"2026-01-01T00:00:00Z","shards":[{"id":4}]})") +
                           "," + bucket("acme", "te/le", "") + "," + bucket("acme", "_tasks", "") +
                           "," + bucket("other", "shop", "") + "]") +
                   "--\r\n";
        bench_.host.http.answer = [this](const FakeRequest& r) -> Result<FakeAnswer> {
            const auto path = r.url.substr(r.url.find('/', 8));
            if (instead.contains(path)) return instead.at(path);
            if (path == "/api/v2/orgs?org=acme")
                return FakeAnswer{200, R"({"orgs":[{"id":"0b","name":"acme"}]})", {}};
            if (path.starts_with("/api/v2/buckets?"))
                return FakeAnswer{200,
                                  exists ? R"({"buckets":[{"id":"0c","name":"copy"},)"
                                           R"({"id":"0d","name":"shop"}]})"
                                         : R"({"buckets":[]})",
                                  {}};
            if (path == "/api/v2/restore/bucketMetadata")
                return FakeAnswer{201,
                                  R"({"id":"0e","shardMappings":[{"oldId":1,"newId":71},)"
                                  R"({"oldId":3,"newId":73}]})",
                                  {}};
            if (r.method == "DELETE") return FakeAnswer{204, "", {}};
            return answer(r);
        };
    }
    bool exists = false;
};

TEST_F(BucketBackups, HoldTheNamedBucketsAndNoToken) {
    const auto done = back_up();
    ASSERT_TRUE(done) << test::said(done);
    ASSERT_EQ(out_->parts.size(), 2u);
    for (const auto& [name, planned] : plan_->parts) {
        const auto whole = bench_.validate(name, planned.media_type, out_->text(name));
        EXPECT_TRUE(whole) << name << test::said(whole);
        EXPECT_EQ(out_->text(name).find("secret tokens"), std::string::npos);
    }
    EXPECT_NE(out_->text("shop.bucket").find("shards/1.tar"), std::string::npos);
    EXPECT_TRUE(out_->parts.contains("te%2Fle.bucket"));
    bench_.host.config.erase("db.name");
    ASSERT_TRUE(back_up());
    EXPECT_EQ(out_->parts.size(), 2u) << "the server's own buckets are left out";
}

TEST_F(BucketBackups, BeforeARestoreLeaveOutWhatIsGone) {
    bench_.host.config["db.name"] = "shop,gone";
    EXPECT_EQ(back_up().error().code, Code::not_found);
    bench_.host.config["restore.safety"] = "true";
    ASSERT_TRUE(back_up());
    EXPECT_EQ(out_->parts.size(), 1u);
    for (const char* names : {"gone", "gone,never"}) {
        bench_.host.config["db.name"] = names;
        testing::MemoryPlan plan;
        bench_.reopen();
        ASSERT_TRUE(bench_.plan(plan)) << names;
        EXPECT_TRUE(plan.parts.empty());
        EXPECT_EQ(plan.gone.at(0), "bucket 'gone'");
    }
}

TEST_F(BucketBackups, AreRestoredUnderNewNumbersInTheOrganisationOfTheirName) {
    bench_.host.config["db.name"] = "shop";
    ASSERT_TRUE(back_up());
    bench_.host.config["restore.database"] = "copy";
    const auto done = restore();
    ASSERT_TRUE(done) << test::said(done);
    const auto& requests = bench_.host.http.requests;
    ASSERT_GE(requests.size(), 2u);
    const auto& made = requests[requests.size() - 2];
    EXPECT_TRUE(made.url.ends_with("/restore/bucketMetadata")) << made.url;
    EXPECT_NE(made.body.find(R"("organizationID":"0b")"), std::string::npos) << made.body;
    EXPECT_NE(made.body.find(R"("bucketName":"copy")"), std::string::npos);
    EXPECT_EQ(made.body.find("deletedAt"), std::string::npos);
    EXPECT_TRUE(requests.back().url.ends_with("/restore/shards/71")) << requests.back().url;
    EXPECT_EQ(requests.back().body, shard_bytes("one"));
}

TEST_F(BucketBackups, ReplaceABucketOnlyWhenThatIsWished) {
    bench_.host.config["db.name"] = "shop";
    ASSERT_TRUE(back_up());
    exists = true;
    EXPECT_EQ(restore().error().code, Code::exists);
    for (const auto& a : asked()) EXPECT_TRUE(a.starts_with("GET ")) << a;
    bench_.host.config["restore.clean"] = "true";
    ASSERT_TRUE(restore());
    const auto all = asked();
    EXPECT_EQ(std::count(all.begin(), all.end(), "DELETE /api/v2/buckets/0d"), 1);
    EXPECT_EQ(std::count(all.begin(), all.end(), "DELETE /api/v2/buckets/0c"), 0) << "another's";
}

TEST_F(BucketBackups, AreDroppedAgainWhenAShardFails) {
    bench_.host.config["db.name"] = "shop";
    ASSERT_TRUE(back_up());
    instead["/api/v2/restore/shards/71"] = {500, "{}", {}};
    EXPECT_FALSE(restore());
    EXPECT_EQ(asked().back(), "DELETE /api/v2/buckets/0e");
}

TEST_F(BucketBackups, NameWhatIsNotThereOrMeansTwo) {
    bench_.host.config["db.name"] = "shop,nosuch";
    auto failed = back_up();
    EXPECT_EQ(failed.error().code, Code::not_found);
    EXPECT_NE(failed.error().hint.find("shop, te/le"), std::string::npos) << failed.error().hint;
    bench_.host.config = {{"mode", "remote"}, {"db.host", "h"}, {"db.name", "shop"}};
    EXPECT_EQ(back_up().error().code, Code::invalid);
    bench_.host.config = {{"mode", "remote"}, {"db.host", "h"}, {"db.org", "nobody"}};
    EXPECT_EQ(back_up().error().code, Code::not_found);
}

}  // namespace
}  // namespace bkt::influxdb
