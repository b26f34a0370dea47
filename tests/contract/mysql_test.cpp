// MySQL and MariaDB under the engine contract suite. MariaDB's container names no database, so all of them
// are saved, those with odd names too; MySQL's names one, as most compose files do.
#include "baktainer/testing/engine_contract/suite.hpp"

namespace bkt::testing {
namespace {

constexpr const char* kPassword = "s3cr3t'\"$PW-Pässwörd";

// $c the client, $d the dump tool, as root on the socket.
constexpr const char* kTools = R"sh(
if command -v mariadb >/dev/null; then c=mariadb d=mariadb-dump; else c=mysql d='mysqldump --set-gtid-purged=OFF'; fi
export MYSQL_PWD="${MARIADB_ROOT_PASSWORD:-$MYSQL_ROOT_PASSWORD}"
c="$c -uroot --default-character-set=utf8mb4"
)sh";

// $1 of the numbers 1 to $2, as a SELECT's tail: n is the number.
constexpr const char* kSeries = R"sh(
series() { echo "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < $2) SELECT $1 FROM s"; }
limit="SET SESSION cte_max_recursion_depth=100000000"; case $c in mariadb*) limit="SET SESSION max_recursive_iterations=100000000";; esac
)sh";

std::string script(const std::string& text) { return std::string(kTools) + kSeries + text; }

// Odd names, every kind of object, nested views of a definer who is no root, a routine that quotes the end of
// a dump, roles and grants of every level.
constexpr const char* kSeed = R"sh(
$c <<'SQL'
CREATE DATABASE IF NOT EXISTS shop;
CREATE DATABASE `-dash d` CHARACTER SET latin1;
CREATE DATABASE `Käse "und" 'Brot' $(x);`;
CREATE DATABASE `accounts`;
CREATE TABLE `-dash d`.here (g INT); INSERT INTO `-dash d`.here VALUES (1), (2);
CREATE TABLE `Käse "und" 'Brot' $(x);`.`t` (x TEXT); INSERT INTO `Käse "und" 'Brot' $(x);`.t VALUES ('ü');
USE shop;
CREATE TABLE `ta'b``le "1" -f ü` (id INT PRIMARY KEY AUTO_INCREMENT, `sp ace` VARCHAR(200) DEFAULT 'grüße 😀' COMMENT 'a
b', b BLOB, n DECIMAL(20,6), f DOUBLE, at TIMESTAMP(3) NULL, d DATE, j JSON, e ENUM('a','b''c'), bits BIT(9),
  g INT GENERATED ALWAYS AS (CHAR_LENGTH(`sp ace`)) STORED, KEY (n), FULLTEXT KEY (`sp ace`)) AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4;
INSERT INTO `ta'b``le "1" -f ü` (b, n, f, at, d, j, e, bits) VALUES
  (x'00ff0a0d5c27', 1.5, 0.1, '2026-01-01 12:00:00.123', '2026-02-03', '{"ü": [1, null]}', 'b''c', b'101'), (NULL, NULL, 1e300, NULL, NULL, NULL, NULL, NULL);
INSERT INTO `ta'b``le "1" -f ü` (`sp ace`) VALUES ('line\n-- Dump completed on 2026-01-01\n\t\\ ''"`;'), ('\0');
CREATE TABLE parted (id INT, day DATE) PARTITION BY HASH (id) PARTITIONS 3;
INSERT INTO parted VALUES (1, '2026-01-01'), (2, '2026-01-02'), (7, NULL);
CREATE TABLE child (id INT PRIMARY KEY, t INT, FOREIGN KEY (t) REFERENCES `ta'b``le "1" -f ü` (id));
INSERT INTO child VALUES (1, 7), (2, 8);
CREATE TABLE audit (what TEXT);
CREATE USER `own er`@`%` IDENTIFIED BY 'app-pw'; GRANT SELECT, CREATE VIEW, SHOW VIEW ON shop.* TO `own er`@`%`;
CREATE USER app2@`10.%` IDENTIFIED BY 'x''y\\z'; GRANT SELECT (id), INSERT ON shop.parted TO app2@`10.%`;
CREATE ROLE readers; GRANT SELECT ON shop.* TO readers; GRANT readers TO app2@`10.%`;
CREATE DEFINER=`own er`@`%` VIEW z_inner AS SELECT id, `sp ace` FROM `ta'b``le "1" -f ü`;
CREATE DEFINER=`own er`@`%` VIEW a_outer AS SELECT id FROM z_inner;
DELIMITER //
CREATE TRIGGER tr AFTER INSERT ON child FOR EACH ROW BEGIN
  INSERT INTO audit VALUES (CONCAT('it''s ', NEW.id));
END//
CREATE PROCEDURE p(IN x INT) BEGIN
-- Dump completed on 2026-01-01 00:00:00
/*
-- Dump completed
-- MariaDB dump 10.19
INSERT INTO nothing that ends
*/
  SELECT x + 1;
END//
CREATE FUNCTION f(x INT) RETURNS INT DETERMINISTIC RETURN x + 1//
CREATE EVENT ev ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DO INSERT INTO audit VALUES ('tick')//
DELIMITER ;
GRANT EXECUTE ON FUNCTION shop.f TO app2@`10.%`;
SQL
{ echo "$limit; USE shop; CREATE TABLE many (id INT PRIMARY KEY, h VARCHAR(64));"; echo "INSERT INTO many $(series 'n, SHA2(n, 256)' 5000);"; } | $c
)sh";

// What the tool says of everything, and every account.
constexpr const char* kDigest = R"sh(
$c -BNr -e "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema') $only ORDER BY BINARY SCHEMA_NAME" |
while IFS= read -r name; do
    $d -uroot --skip-dump-date --skip-comments --single-transaction --routines --events --triggers --hex-blob --order-by-primary --databases -- "$name" | sha256sum
done
$c -BN -e "SELECT User, Host, plugin, HEX(authentication_string) FROM mysql.user ORDER BY BINARY User, Host" | sha256sum
$c -BN -e "SELECT CONCAT('SHOW GRANTS FOR ', QUOTE(User), '@', QUOTE(Host), ';') FROM mysql.user WHERE User NOT LIKE 'm%.%' AND Host <> '' ORDER BY BINARY User, Host" | $c -BN | sort | sha256sum
)sh";

EngineSubject server(const std::string& engine, const std::string& version) {
    const std::string prefix = engine == "mysql" ? "MYSQL_" : "MARIADB_";
    EngineSubject s;
    s.name = engine + "_" + version;
    std::replace(s.name.begin(), s.name.end(), '.', '_');
    s.engine = engine;
    s.image = engine + ":" + version;
    s.options = {"-e", prefix + "ROOT_PASSWORD=" + kPassword};
    s.password = kPassword;
    s.ready = script("$c -h127.0.0.1 -e 'SELECT 1'");
    s.seed = script(kSeed);
    s.digest = script(std::string("only=\n") + kDigest);
    s.change = script(
        "$c shop -e 'DROP TABLE child; UPDATE many SET h = 1 WHERE id = 7; CREATE TABLE later (x "
        "INT); DROP PROCEDURE p; ALTER USER app2@`10.%` IDENTIFIED BY \"other\"'");
    s.fill = script(
        "{ echo \"$limit; CREATE DATABASE IF NOT EXISTS shop; USE shop; CREATE TABLE filler (id "
        "INT "
        "PRIMARY KEY, h VARCHAR(100));\"; echo \"INSERT INTO filler $(series 'n, "
        "CONCAT(SHA2(n, 256), LEFT(SHA2(n * 7, 256), 32))' $((SIZE_MB * 10000)));\"; } | $c");
    s.weigh = script("$c shop -BN -e 'SELECT COUNT(*), SUM(id), SUM(CRC32(h)) FROM filler'");
    s.accounts = script(
        "{ echo \"$limit; CREATE DATABASE IF NOT EXISTS shop; USE shop; CREATE TABLE acc (id INT "
        "PRIMARY KEY, v INT); CREATE TABLE zacc LIKE acc;\"; echo \"INSERT INTO acc $(series 'n, "
        "100' 1000); INSERT INTO zacc SELECT * FROM acc;\"; } | $c");
    // Between two tables, with the filler's in between in the order of the dump.
    s.transfer = script(
        "while :; do echo 'BEGIN; UPDATE acc SET v = v - 5 WHERE id = 1; UPDATE zacc SET v = v + 5 "
        "WHERE id = 1000; COMMIT;'; done | $c shop");
    s.sum = script("$c shop -BN -e 'SELECT (SELECT SUM(v) FROM acc) + (SELECT SUM(v) FROM zacc)'");
    s.wrong_password = {"db.password=wrong-pässwörd"};
    s.hide_tools =
        "for t in mariadb-dump mysqldump; do p=$(command -v $t) || continue; p=$(readlink -f "
        "\"$p\"); mv \"$p\" \"$p.gone\"; done";
    // It may list everything and read one table.
    s.weak_login = script(
        "echo \"CREATE USER weak@'%' IDENTIFIED BY 's3cr3t''\\\"\\$PW-Pässwörd'; GRANT TRIGGER, "
        "EVENT, "
        "LOCK TABLES ON shop.* TO weak@'%'; GRANT SELECT ON shop.parted TO weak@'%';\" | $c");
    s.weak_labels = {"db.user=weak", "db.name=shop"};
    s.plugin = std::string(ENGINE_PLUGINS) + "/baktainer.engine.mysql/libengine_mysql.so";
    return s;
}

EngineSubject mariadb(const std::string& version) { return server("mariadb", version); }

EngineSubject mysql(const std::string& version) {
    auto s = server("mysql", version);
    s.options.insert(s.options.end(), {"-e", "MYSQL_DATABASE=shop", "-e", "MYSQL_USER=app", "-e",
                                       "MYSQL_PASSWORD=app-pw"});
    s.digest = script(std::string("only=\"AND SCHEMA_NAME = 'shop'\"\n") + kDigest);
    return s;
}

// The tools of the image, but in a container beside the server; or those of this machine, over the network.
EngineSubject in_mode(EngineSubject s, const std::string& mode) {
    s.name += "_" + mode;
    s.labels = {"mode=" + mode};
    s.command = {
        "--skip-name-resolve"};  // as the official images; the lab has nobody to ask for names
    s.hide_tools.clear();        // the image still has them
    return s;
}

// Several tools under one read lock: what moves between two databases adds up as well.
EngineSubject in_parallel(EngineSubject s) {
    s.name += "_parallel";
    s.labels = {"parallel=3"};
    s.accounts += "\necho 'CREATE DATABASE bank; RENAME TABLE shop.zacc TO bank.zacc;' | $c";
    s.transfer = script(
        "while :; do echo 'BEGIN; UPDATE shop.acc SET v = v - 5 WHERE id = 1; UPDATE bank.zacc SET "
        "v = v + 5 WHERE id = 1000; COMMIT;'; done | $c");
    s.sum =
        script("$c -BN -e 'SELECT (SELECT SUM(v) FROM shop.acc) + (SELECT SUM(v) FROM bank.zacc)'");
    return s;
}

std::vector<EngineSubject> mysql_in_modes() {
    std::vector<EngineSubject> subjects;
    if (!whole_matrix()) return subjects;
    subjects = {in_mode(mariadb("10.11"), "sidecar"), in_mode(mariadb("10.11"), "remote"),
                in_mode(mysql("9.7"), "sidecar"),     in_parallel(mariadb("10.11")),
                in_parallel(mariadb("11.8")),         in_parallel(server("mysql", "9.7"))};
    return subjects;
}

INSTANTIATE_TEST_SUITE_P(MysqlModes, EngineContract, ::testing::ValuesIn(mysql_in_modes()),
                         subject_name);
INSTANTIATE_TEST_SUITE_P(Mariadb, EngineContract,
                         ::testing::ValuesIn(matrix(mariadb, {"10.11"}, {"10.5", "11.8"})),
                         subject_name);
INSTANTIATE_TEST_SUITE_P(Mysql, EngineContract, ::testing::ValuesIn(matrix(mysql, {"9.7"})),
                         subject_name);

}  // namespace
}  // namespace bkt::testing
