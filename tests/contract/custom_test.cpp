// The custom engine under the engine contract suite, with pg_dump as the command of a user who knows no better.
#include "baktainer/testing/engine_contract/suite.hpp"

namespace bkt::testing {
namespace {

constexpr const char* kPassword = "s3cr3t'\"$PW-Pässwörd";

constexpr const char* kMarker =
    R"(-- PostgreSQL database dump complete\n--\n\n\\unrestrict end\n\n)";

EngineSubject custom(const std::string& version) {
    EngineSubject s;
    s.name = "custom_on_postgres_" + version;
    s.engine = "custom";
    s.image = "postgres:" + version;
    s.options = {"-e",         std::string("POSTGRES_PASSWORD=") + kPassword,
                 "-e",         "POSTGRES_DB=shop",
                 "-e",         "WRONG=wrong-pässwörd",
                 "--hostname", "pgbox"};
    s.password = kPassword;
    // --restrict-key: pg_dump's last line is a random word otherwise. Over the container's own address it
    // asks for the password, which libpq knows by another variable.
    s.labels = {
        "db.engine=custom",
        "db.secret=env:POSTGRES_PASSWORD",
        R"(command=["sh","-c","PGPASSWORD=$BAKTAINER_PASSWORD exec pg_dump -h pgbox -U postgres --clean --if-exists --restrict-key=end shop"])",
        std::string("command.end-marker=") + kMarker,
        R"(command.restore=["sh","-c","until pg_isready -qh 127.0.0.1; do sleep 0.2; done; exec psql -Xqv ON_ERROR_STOP=1 -o /dev/null -U postgres shop"])"};
    s.ready = "pg_isready -qh 127.0.0.1 -U postgres";
    s.seed =
        "psql -Xqv ON_ERROR_STOP=1 -U postgres -d shop -c \"CREATE TABLE \\\"tä'ble -f\\\" AS "
        "SELECT g, 'grüße 😀' || g AS t FROM generate_series(1, 5000) g\" -c 'CREATE TABLE child (x "
        "int)'";
    s.digest =
        "pg_dump -U postgres --restrict-key=x shop | sed '/^SET \\|^-- Dumped/d' | sha256sum";
    s.change =
        "psql -Xqv ON_ERROR_STOP=1 -U postgres -d shop -c 'DROP TABLE child' -c \"UPDATE \\\"tä'ble "
        "-f\\\" SET t = 'x' WHERE g = 7\"";
    s.fill =
        "psql -Xqv ON_ERROR_STOP=1 -U postgres -d shop -c \"CREATE TABLE filler AS SELECT g AS id, "
        "md5(g::text)||md5((g*7)::text)||md5((g*13)::text) AS h FROM generate_series(1, $SIZE_MB * "
        "10000) g\"";
    // No accounts: the engine promises no consistency, whatever the command's own is.
    s.wrong_password = {"db.secret=env:WRONG"};
    s.hide_tools = "p=$(readlink -f \"$(command -v pg_dump)\"); mv \"$p\" \"$p.gone\"";
    // No weak login: whose rights they are is the command's affair.
    s.settings = {{"command", R"(["pg_dump"])"}, {"command.end-marker", kMarker}};
    s.plugin = std::string(ENGINE_PLUGINS) + "/baktainer.engine.custom/libengine_custom.so";
    return s;
}

INSTANTIATE_TEST_SUITE_P(Custom, EngineContract, ::testing::ValuesIn(matrix(custom, {"15"})),
                         subject_name);

}  // namespace
}  // namespace bkt::testing
