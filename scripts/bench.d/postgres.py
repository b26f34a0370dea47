"""postgres.py: PostgreSQL against its reference pipeline, in this process and in a worker; start-up; 5 GB."""
import statistics, tempfile

from box import Box, backup, piped, DOCKER
from cost import interleaved, measure
from report import ratios, spread, table

# Rows such as real applications have: numbers, JSON, prose of few words, wide rows, hashes.
FILL = """
CREATE TABLE account AS SELECT g AS id, g % 100 AS branch, (random() * 1e6)::int AS balance,
  repeat(' ', 60) AS filler FROM generate_series(1, 600000) g;
ALTER TABLE account ADD PRIMARY KEY (id);
CREATE TABLE event AS SELECT g AS id, now() - g * interval '1 second' AS at,
  jsonb_build_object('user', g % 5000, 'path', '/item/' || g % 977, 'ms', (random() * 900)::int,
  'tags', jsonb_build_array('a', 'b', g % 7)) AS body FROM generate_series(1, 350000) g;
CREATE TABLE note AS SELECT g AS id, (SELECT string_agg((ARRAY['the','of','order','ship','blue',
  'customer','late','paid','return','box'])[1 + (random() * random() * 9)::int], ' ')
  FROM generate_series(1, 40 + g % 3)) AS text FROM generate_series(1, 100000) g;
CREATE TABLE digest AS SELECT g AS id, md5(g::text) || md5((g * 7)::text) AS hash
  FROM generate_series(1, 400000) g;
"""
# Compresses on the server's disk, comes out of pg_dump whole.
FILL_LARGE = """
CREATE TABLE blob AS SELECT g AS id, repeat(md5(g::text) || E'-some-longer-text-that-repeats-\\n', 170000)
  AS body FROM generate_series(1, 480) g;
"""
DUMP = "pg_dump -U postgres -Fc -Z0 "
PSQL = "psql -qX -v ON_ERROR_STOP=1 -U postgres -d "


def server(keep=False):
    return Box("postgres", "postgres:15", ["-e", "POSTGRES_PASSWORD=bench", "-e", "POSTGRES_DB=bench"],
               ready="pg_isready -qh 127.0.0.1 -U postgres", keep=keep)


def size_of(box, database):
    return int(box.sh(f"{DUMP} {database} | wc -c"))


def run(args):
    with server(args.keep) as box, tempfile.TemporaryDirectory(prefix="baktainer-bench-") as home:
        box.sh(PSQL + "bench", FILL)
        box.sh(PSQL + "bench", "VACUUM ANALYZE; CHECKPOINT;")
        only = {"db.name": "bench"}
        in_worker = "plugins: { use: { baktainer.engine.postgres: { isolation: worker } } }\n"
        rounds = interleaved({
            "exec|zstd": piped(box, DUMP + "bench", home),
            "exec>null": [DOCKER, "exec", box.name, "sh", "-c", DUMP + "bench"],
            "baktainer": backup(args.program, home, box, "here", labels=only),
            "by stream": backup(args.program, home, box, "stream", labels=only, transport="stream"),
            "in worker": backup(args.program, home, box, "worker", in_worker, only),
        }, args.rounds, box.pid())
        table(f"PostgreSQL, {size_of(box, 'bench') / 1e6:.0f} MB dump, {args.rounds} rounds, ratios to exec|zstd", rounds,
              "exec|zstd")
        worker = ratios(rounds, "in worker", "baktainer")
        print(f"\nthe engine in a worker: wall {statistics.median(worker):.3f} of that in-process ({spread(worker)})")
        starts = sorted(measure([args.program, "version"])["wall"] for _ in range(20))
        print(f"\nstart-up of the command line: median {1000 * statistics.median(starts):.1f} ms")
        if args.large:
            large(args, box, home)


def large(args, box, home):
    box.sh("createdb -U postgres large")
    box.sh(PSQL + "large", FILL_LARGE)
    figures = measure(backup(args.program, home, box, "large", labels={"db.name": "large"}))
    size = size_of(box, "large")
    print(f"\n{size / 1e9:.1f} GB: baktainer peak {figures['peak'] / 2**20:.1f} MiB, {figures['wall']:.0f} s, "
          f"{size / 1e6 / figures['wall']:.0f} MB/s")
