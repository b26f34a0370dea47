"""parallel.py: one PostgreSQL database by one pg_dump and by two on one snapshot. What both cores can give depends
on the rows, so there are three: wide text is moved; numbers and times are formatted by the server and packed by
us, alike; documents (jsonb) are formatted by the server at length and packed in no time. The CPU account tells who was
busy: more streams can use no more than the cores that one leaves free."""
import os, statistics, tempfile

from box import backup, piped
from cost import interleaved
from postgres import DUMP, FILL, PSQL, server, size_of
from report import ratios, spread, table

# Measurements: what a server works longest at for each byte it sends.
FILL_NUMBERS = "".join(f"""
CREATE TABLE metric_{n} AS SELECT g AS id, now() - g * interval '1.37 seconds' AS at, random() * 1e3 AS value,
  (random() * 1e9)::numeric(18, 6) AS amount, point(random(), random()) AS place FROM generate_series(1, 700000) g;
""" for n in range(4))

FILL_DOCUMENTS = "".join(f"""
CREATE TABLE document_{n} AS SELECT g AS id, jsonb_build_object('order', g, 'lines', (SELECT jsonb_agg(jsonb_build_object('item',
  i, 'price', i * 19, 'tax', 7, 'sent', true, 'note', null, 'tags', '[1, 2, 3, 4]'::jsonb)) FROM generate_series(1, 12) i)) AS body
  FROM generate_series(1, 90000) g;
""" for n in range(4))
DATABASES = {"text": FILL + FILL.replace("TABLE ", "TABLE more_"), "numbers": FILL_NUMBERS, "documents": FILL_DOCUMENTS}


def run(args):
    print(f"{os.cpu_count()} cores here; 'cores' is all CPU time over wall time: what stays free, more streams can use")
    with server(args.keep) as box, tempfile.TemporaryDirectory(prefix="baktainer-bench-") as home:
        for name, fill in DATABASES.items():
            box.sh(f"createdb -U postgres {name}")
            box.sh(PSQL + name, fill)
            box.sh(PSQL + name, "VACUUM ANALYZE; CHECKPOINT;")
            compare(args, box, home, name)


def compare(args, box, home, name):
    rounds = interleaved({
        "exec|zstd": piped(box, DUMP + name, home),
        "one stream": backup(args.program, home, box, f"{name}-1", labels={"db.name": name, "parallel": 1}),
        "parallel 2": backup(args.program, home, box, f"{name}-2", labels={"db.name": name, "parallel": 2}),
    }, args.rounds, box.pid())
    table(f"PostgreSQL, database '{name}', {size_of(box, name) / 1e6:.0f} MB dump, {args.rounds} rounds, ratios to one stream",
          rounds, "one stream")
    gain = ratios(rounds, "one stream", "parallel 2")
    print(f"two streams are {statistics.median(gain):.2f} times as fast as one ({spread(gain)})")
