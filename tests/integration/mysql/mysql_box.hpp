// tests/integration/mysql/mysql_box.hpp: a real MariaDB or MySQL container, shaped like the official image.
#pragma once

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/baktainer.hpp"
#include "tests/support/docker.hpp"

namespace bkt::test {

inline constexpr const char* kMariadbImage = "mariadb:10.11";
inline constexpr const char* kOldMariadbImage = "mariadb:10.5";
inline constexpr const char* kMysqlImage = "mysql:9.7";

class MysqlBox final {
public:
    // `labels`: "db.name=shop" and the like; baktainer.backup=true is given.
    explicit MysqlBox(const std::string& image, const std::vector<std::string>& labels = {})
        // As the official images are set; the lab has nobody to ask for names.
        : box_(image, options(labels), {"--skip-name-resolve"}),
          client_(image.starts_with("mysql") ? "mysql" : "mariadb") {
        if (!testing::comes_true_in(name(), "MYSQL_PWD=$MYSQL_ROOT_PASSWORD " + client_ +
                                                " -uroot -h127.0.0.1 -e 'SELECT 1'"))
            ADD_FAILURE() << image << " did not start";
    }
    const Container& box() const { return box_; }
    const std::string& name() const { return box_.name(); }
    std::string sql(const std::string& text) const {
        const auto done = run({"--execute=" + text});
        EXPECT_EQ(done.exit_code, 0) << text << "\n" << done.err;
        return done.out;
    }
    static std::string discovery() { return "  docker: { socket: \"" + docker_host() + "\" }"; }

private:
    static std::vector<std::string> options(const std::vector<std::string>& labels) {
        // Both images heed MYSQL_; `app` owns what is in shop.
        std::vector<std::string> all{"-e",      "MYSQL_ROOT_PASSWORD=root-pw",
                                     "-e",      "MYSQL_DATABASE=shop",
                                     "-e",      "MYSQL_USER=app",
                                     "-e",      "MYSQL_PASSWORD=app-pw",
                                     "--label", "baktainer.backup=true"};
        for (const auto& label : labels) all.insert(all.end(), {"--label", "baktainer." + label});
        return all;
    }
    Ended run(std::vector<std::string> words) const {
        std::vector<std::string> all{"exec",
                                     "-e",
                                     "MYSQL_PWD=root-pw",
                                     box_.name(),
                                     client_,
                                     "--user=root",
                                     "--default-character-set=utf8mb4",
                                     "--batch",
                                     "--skip-column-names"};
        all.insert(all.end(), words.begin(), words.end());
        return docker(all);
    }
    Container box_;
    std::string client_;
};

}  // namespace bkt::test
