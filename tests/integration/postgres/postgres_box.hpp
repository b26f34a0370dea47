// tests/integration/postgres/postgres_box.hpp: a real PostgreSQL container, shaped like the official
// image.
#pragma once

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/baktainer.hpp"
#include "tests/support/docker.hpp"

namespace bkt::test {

inline constexpr const char* kPostgresImage = "postgres:15";
inline constexpr const char* kTimescaleImage = "lab/timescaledb:18";
inline constexpr const char* kPassword = "s3cr3t-Pässwörd-of-the-test";

class PostgresBox final {
public:
    // `labels`: "db.name=shop" and the like; baktainer.backup=true is given.
    explicit PostgresBox(const std::vector<std::string>& labels = {},
                         const std::vector<std::string>& more = {},
                         const std::string& image = kPostgresImage)
        : box_(image, options(labels, more)) {
        wait_ready(box_.name());
    }

    const Container& box() const { return box_; }
    const std::string& name() const { return box_.name(); }
    std::string sql(const std::string& text, const std::string& database = "shop") const {
        return sql_in(box_.name(), text, database);
    }

    static std::string sql_in(const std::string& container, const std::string& text,
                              const std::string& database) {
        return must_docker({"exec", container, "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-U",
                            "postgres", "-d", database, "-c", text});
    }
    static void wait_ready(const std::string& container) {
        if (testing::comes_true_in(container, "pg_isready -qh 127.0.0.1 -U postgres")) return;
        FAIL() << "PostgreSQL did not start: " << docker({"logs", container}).err;
    }
    // The YAML of a discovery block for this daemon.
    static std::string discovery() { return "  docker: { socket: \"" + docker_host() + "\" }"; }

private:
    static std::vector<std::string> options(const std::vector<std::string>& labels,
                                            const std::vector<std::string>& more) {
        std::vector<std::string> all{"-e",         std::string("POSTGRES_PASSWORD=") + kPassword,
                                     "-e",         "POSTGRES_DB=shop",
                                     "--hostname", "pgbox",
                                     "--label",    "baktainer.backup=true"};
        for (const auto& label : labels) all.insert(all.end(), {"--label", "baktainer." + label});
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }

    Container box_;
};

// Removes a container a restore made when the test ends.
struct Made {
    explicit Made(const Ended& restored) {
        constexpr std::string_view kBefore = "container ";
        const auto at = restored.out.find(kBefore);
        if (at == std::string::npos) return;
        const auto begin = at + kBefore.size();
        name = restored.out.substr(begin, restored.out.find(',', begin) - begin);
    }
    ~Made() {
        if (!name.empty()) docker({"rm", "-fv", name});
    }
    std::string name;
};

// About 30 MB of rows: more than all buffers on the way hold, so that a slow run is caught midway, as 'filler'.
inline constexpr const char* kFiller =
    "CREATE TABLE filler AS SELECT g AS id, md5(g::text)||md5((g*7)::text)||md5((g*13)::text) AS h "
    "FROM generate_series(1,300000) g";

}  // namespace bkt::test
