// tests/support/postgres_server.hpp: a PostgreSQL server of this machine's own packages, for one test.
//
// It lives in a temporary folder, listens on a socket there and on 127.0.0.1 at a free port, and goes with
// its owner. PostgreSQL refuses to run as root, so a test that does starts it as user 'nobody'.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/temp_dir.hpp"

namespace bkt::test {

class PostgresServer final {
public:
    // The folder of initdb and its like; empty when this machine has none.
    static std::string bin_dir() {
        std::vector<std::string> found;
        std::error_code none;
        for (const auto& e : std::filesystem::directory_iterator("/usr/lib/postgresql", none))
            if (std::filesystem::exists(e.path() / "bin/initdb")) found.push_back(e.path() / "bin");
        std::sort(found.begin(), found.end());
        return found.empty() ? "" : found.back();
    }

    // `auth`: for TCP connections, as pg_hba.conf says it. The socket trusts.
    explicit PostgresServer(const std::string& auth = "trust", bool start_now = true)
        : port_(std::to_string(free_port())) {
        if (::getuid() == 0) {
            const passwd* nobody = ::getpwnam("nobody");
            if (nobody && ::chown(dir_.path().c_str(), nobody->pw_uid, nobody->pw_gid) == 0)
                as_nobody_ = "setpriv --reuid=nobody --regid=nogroup --clear-groups ";
        }
        run(as_nobody_ + bin_dir() + "/initdb --no-sync -D " + data() +
            " -U postgres -E UTF8 --locale=C.UTF-8 -A trust --auth-host=" + auth +
            " --no-instructions");
        if (start_now) start();
    }
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;
    ~PostgresServer() {
        if (std::filesystem::exists(data() + "/postmaster.pid")) stop("immediate");
    }

    void start(const std::string& more = "") {
        run(as_nobody_ + bin_dir() + "/pg_ctl -D " + data() + " -w -l " + dir_.path() +
            "/log -o '-p " + port_ + " -k " + dir_.path() +
            " -c listen_addresses=127.0.0.1 -c fsync=off " + more + "' start");
    }
    void stop(const std::string& mode = "fast") {
        run(as_nobody_ + bin_dir() + "/pg_ctl -D " + data() + " -w -m " + mode + " stop");
    }

    const std::string& dir() const { return dir_.path(); }
    const std::string& port() const { return port_; }
    // What a tool needs to find this server by its socket.
    std::vector<std::string> environment() const {
        return {"PGHOST=" + dir_.path(), "PGPORT=" + port_, "PATH=" + bin_dir() + ":/usr/bin:/bin"};
    }

    // Runs a shell line with PGHOST and so on set, as user postgres; its output.
    std::string shell(const std::string& line) const {
        std::string env;
        for (const auto& e : environment()) env += e + " ";
        return run("cd " + dir_.path() + " && env PGUSER=postgres " + env + "sh -c '" +
                   quoted(line) + "'");
    }
    std::string sql(const std::string& database, const std::string& text) const {
        const std::string file = dir_.path() + "/test.sql";
        std::ofstream(file) << text;
        return shell("psql -XAtq -v ON_ERROR_STOP=1 -f " + file + " -d \"" + database + "\"");
    }
    // Everything of a database as text, but for what differs from dump to dump.
    std::string content(const std::string& conninfo) const {
        return shell("pg_dump --create -d \"" + conninfo + "\" | grep -v '^.\\(un\\)*restrict '");
    }
    std::string roles() const {
        return shell("pg_dumpall --globals-only | grep -v '^.\\(un\\)*restrict '");
    }

private:
    std::string data() const { return dir_.path() + "/data"; }

    static std::string quoted(const std::string& text) {
        std::string q;
        for (const char c : text) q += c == '\'' ? std::string("'\\''") : std::string(1, c);
        return q;
    }
    static std::string run(const std::string& line) {
        std::string out;
        FILE* pipe = ::popen(("(" + line + ") 2>&1").c_str(), "r");
        char buffer[4096];
        for (std::size_t n; (n = ::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
            out.append(buffer, n);
        const int status = ::pclose(pipe);
        EXPECT_EQ(status, 0) << line << "\n" << out;
        return out;
    }
    static int free_port() {
        const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof at;
        ::bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof at);
        ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size);
        ::close(fd);
        return ntohs(at.sin_port);
    }

    TempDir dir_;
    std::string port_;
    std::string as_nobody_;
};

}  // namespace bkt::test
