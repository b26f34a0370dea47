"""engines.py: every engine against its own dump tool, run in the container and piped through zstd."""
import statistics, tempfile
from dataclasses import dataclass, field

from box import Box, backup, piped
from cost import interleaved
from report import ratios, table
import postgres


@dataclass
class Database:
    image: str
    fill: str  # a script for sh, in the container: 100 to 300 MB of what its tool gives out
    dump: str  # another: the database's own tool, as its manual tells one to save everything to stdout
    ready: str
    options: list = field(default_factory=list)
    labels: list = field(default_factory=list)
    text: str = ""  # what `fill` reads


# Some numbers, some prose, some hashes, as in postgres.py.
SQL_FILL = """
CREATE DATABASE IF NOT EXISTS shop; USE shop;
CREATE TABLE account (id INT PRIMARY KEY AUTO_INCREMENT, branch INT, balance INT, filler CHAR(60));
CREATE TABLE event (id INT PRIMARY KEY AUTO_INCREMENT, at DATETIME, path VARCHAR(40), ms INT, body VARCHAR(200));
CREATE TABLE digest (id INT PRIMARY KEY AUTO_INCREMENT, hash CHAR(64));
"""
SERIES = "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %d) SELECT %s FROM s;\n"
SQL_FILL += "INSERT INTO account (branch, balance, filler) " + SERIES % (500000, "n % 100, RAND(n) * 1e6, 'savings'")
SQL_FILL += "INSERT INTO event (at, path, ms, body) " + SERIES % (
    400000, "'2026-01-01' + INTERVAL n SECOND, CONCAT('/item/', n % 977), RAND(n) * 900, "
    "CONCAT('the order of a customer was paid, ', n, ' boxes are on a ship, late is ', n % 7)")
SQL_FILL += "INSERT INTO digest (hash) " + SERIES % (500000, "SHA2(n, 256)")

DATABASES = {
    "postgres": Database(
        "postgres:15", postgres.PSQL + "bench", postgres.DUMP + "bench", "pg_isready -qh 127.0.0.1 -U postgres",
        ["-e", "POSTGRES_PASSWORD=bench", "-e", "POSTGRES_DB=bench"], ["baktainer.db.name=bench"], postgres.FILL),
    "mariadb": Database(
        "mariadb:10.11", "mariadb -uroot -pbench",
        "mariadb-dump -uroot -pbench --single-transaction --routines --events --triggers --hex-blob --all-databases",
        "mariadb -h127.0.0.1 -uroot -pbench -e 'SELECT 1'", ["-e", "MARIADB_ROOT_PASSWORD=bench"], [],
        "SET SESSION max_recursive_iterations=100000000;" + SQL_FILL),
    "mysql": Database(
        "mysql:9.7", "mysql -uroot -pbench",
        "mysqldump -uroot -pbench --single-transaction --routines --events --triggers --hex-blob --all-databases "
        "--set-gtid-purged=OFF 2>/dev/null",
        "mysql -h127.0.0.1 -uroot -pbench -e 'SELECT 1'", ["-e", "MYSQL_ROOT_PASSWORD=bench"], [],
        "SET SESSION cte_max_recursion_depth=100000000;" + SQL_FILL),
    "redis": Database(
        "redis:7.0", "awk 'BEGIN { srand(1); for (i = 1; i <= 900000; i++) printf \"HSET filler:%d %d %.12f%.12f%.12f%.12f%.12f%.12f%.12f\\n\", "
        "i % 10, i, rand(), rand(), rand(), rand(), rand(), rand(), rand() }' | redis-cli --pipe >/dev/null",
        "redis-cli --rdb -", "redis-cli PING | grep -qx PONG"),
    "influxdb": Database(
        "influxdb:1.6", "{ printf '# DML\\n# CONTEXT-DATABASE: shop\\n'; awk 'BEGIN { srand(1); for (i = 1; i <= 2700000; i++) printf "
        "\"filler s=\\\"%.12f%.12f%.12f%.12f%.12f%.12f%.12f%.12f\\\" %d000000000\\n\", rand(), rand(), rand(), rand(), rand(), rand(), "
        "rand(), rand(), 1600000000 + i }'; } >/tmp/fill; influx -import -path=/tmp/fill -precision=ns >/dev/null; rm /tmp/fill",
        "rm -rf /tmp/saved; influxd backup -portable /tmp/saved >/dev/null 2>&1; tar -C /tmp/saved -c .; rm -rf /tmp/saved",
        "influx -host $(hostname -i) -execute 'SHOW DATABASES' | grep -qx shop", ["-e", "INFLUXDB_DB=shop"]),
    "sqlite": Database(
        "lab/sqlite-app:1", "sqlite3 -cmd '.timeout 20000' /data/own.db",
        "rm -f /tmp/saved; sqlite3 -cmd '.timeout 20000' /data/own.db '.backup /tmp/saved'; cat /tmp/saved; rm /tmp/saved", "true", [],
        ["baktainer.db.engine=sqlite", "baktainer.db.name=/data/own.db"],
        "PRAGMA journal_mode=WAL; CREATE TABLE event (id INTEGER PRIMARY KEY, body TEXT); "
        "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 2700000) INSERT INTO event SELECT n, "
        "'the order of a customer was paid, ' || n || ' boxes on a ship, late is ' || (n % 7) || hex(randomblob(20)) FROM s;"),
}


def run(args):
    for name in args.engines or DATABASES:
        compare(name, DATABASES[name], args)


def compare(name, database, args):
    with Box(name, database.image, database.options, database.labels, database.ready, args.keep) as box, \
            tempfile.TemporaryDirectory(prefix="baktainer-bench-") as home:
        box.sh(database.fill, database.text)
        size = int(box.sh(f"{{ {database.dump}; }} | wc -c"))
        rounds = interleaved({"tool|zstd": piped(box, database.dump, home), "baktainer": backup(args.program, home, box, name)},
                             args.rounds, box.pid())
        table(f"{name} ({database.image}), {size / 1e6:.0f} MB of the tool's, {args.rounds} rounds, ratios to tool|zstd", rounds,
              "tool|zstd")
        ratio = statistics.median(ratios(rounds, "baktainer", "tool|zstd"))
        print(f"{name}: {ratio:.2f} of its own tool piped through zstd; the limit is 1.05", flush=True)
