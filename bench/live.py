"""Live recognition: lookup, twins and namesakes, registration, and the same questions to SQLite and DuckDB.

Called by run.py live. Sizes: LIVE_PEOPLE=4000000,23000000 (the default is 4,000,000; 23,000,000 take 3.5 GB
and a few minutes), LIVE_RIVAL=1000000 people for the databases beside it, REGISTER_PEOPLE=1000000.
People and questions are those of the made-up Taiwan (bench/taiwan.h); weights were learned from one half of
its households, questions are asked for the other half. Times are by the clock, with the processor's own
beside them: on a machine that does other things the two differ.
"""
import json
import os
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
BUILD = os.path.join(ROOT, "build", "bench")
PLACE = os.path.join(ROOT, "var", "bench", "live")
DUCKDB = "duckdb"
DUCKDB_QUESTIONS = 200
KEYS = 12

# people: p99 in us, bytes of the index, seconds to build it
BARS = {4_000_000: (500, 0.6e9, 15), 23_000_000: (1000, 3.0e9, 90)}
# E-PIX, registrations a day: J Transl Med 2020, Table 2, on another machine
EPIX_A_DAY = {1_000_000: 766_026, 10_000_000: 118_845}


def sizes(name, default):
    return [int(size) for size in os.environ.get(name, default).split(",") if size]


def program(name, *arguments):
    done = subprocess.run([os.path.join(BUILD, name), *map(str, arguments)], check=True, text=True,
                          stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def bars_of(people):
    return BARS[min(size for size in BARS if size >= people or size == max(BARS))]


def rate(pairs):
    return (pairs["linked_wrong"] + pairs["linked_wrong_absent"]) / max(1, pairs["asked"])


def lookup(bench, people):
    p99_us, size_bytes, build_s = bars_of(people)
    made = program("bench_live", people)
    size = f"{made['people']:,} people"
    bench.notes[f"lookup_{people}"] = made
    bench.figure(f"{size}: index", round(made["bytes"] / 1e9, 3), size_bytes / 1e9, "GB",
                 f"; {made['bytes'] / made['people']:.1f} bytes a person")
    bench.figure(f"{size}: built in", made["build_s"], build_s, "s", f"; processor {made['busy_s']} s")
    for name, what in (("with_number", "one field wrong"), ("without_number", "no number, one field wrong")):
        run = made[name]
        bench.figure(f"{size}: p99 of {run['queries']:,} searches, {what}", run["p99_us"] / 1000, p99_us / 1000,
                     "ms", f"; p50 {run['p50_us']} us, processor p50 {run['busy_p50_us']} p99 {run['busy_p99_us']} us; "
                     f"{run['compared']:.0f} forms looked at, a bare read of one {made['bare_read_ns']} ns")
        bench.figure(f"{size}: not found first, {what}", round(100 * (1 - run["first"]), 3), 0.5, "%",
                     f"; linked by itself {100 * run['linked']:.1f} %, wrongly {run['wrong_links']}")
    for name in ("twins", "namesakes"):
        bench.figure(f"{size}: {name} linked to the other", round(100 * rate(made[name]), 4), 0.1, "%",
                     f"; {made[name]['pairs']:,} pairs, {made[name]['asked']:,} records")
    records = made["records"]
    bench.figure(f"{size}: records with every slip of the model, linked wrongly", round(100 * rate(records), 4),
                 0.1, "%", f"; {100 * records['linked_right'] / (records['asked'] - records['absent']):.2f} % of those "
                 f"who are there linked, {100 * records['left_open'] / records['asked']:.2f} % left to a person")


# -- beside databases ------------------------------------------------------------------------------------

ASK_DUCKDB = ("SELECT f.person, max(20 * (f.number = ?)::INT + 14 * (f.name = ?)::INT + 15 * (f.birth = ?)::INT "
              "+ (f.sex = ?)::INT + 7 * (f.door = ?)::INT + 4 * (f.road = ?)::INT + 2 * (f.district = ?)::INT) AS weight "
              "FROM posting p JOIN form f ON f.id = p.form WHERE p.key IN (" + ", ".join(["?"] * KEYS) + ") "
              "GROUP BY f.person ORDER BY weight DESC, f.person LIMIT 10")

DUCKDB_PROGRAM = '''
import csv, json, sys, time
import duckdb
folder, ask, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
db = duckdb.connect()
db.execute("SET threads = 1")
db.execute("SET enable_progress_bar = false")
start = time.perf_counter()
db.execute(f"CREATE TABLE form AS SELECT id, person, name::UBIGINT AS name, number::UBIGINT AS number, birth, sex, "
           f"door, road, district FROM read_csv('{folder}/forms.csv', header = true, all_varchar = false, "
           "types = {'name': 'UBIGINT', 'number': 'UBIGINT'})")
db.execute(f"CREATE TABLE posting AS SELECT * FROM read_csv('{folder}/postings.csv', header = true, "
           "types = {'key': 'BIGINT', 'form': 'BIGINT'})")
db.execute("CREATE INDEX posting_key ON posting (key)")
db.execute("CREATE UNIQUE INDEX form_id ON form (id)")
db.execute("PREPARE asked AS " + ask)
fill = time.perf_counter() - start
times, first = [], 0
with open(f"{folder}/questions.csv", encoding="utf-8") as file:
    questions = list(csv.DictReader(file))[:count]
for q in questions:
    values = [int(q[c]) for c in ("number", "name", "birth", "sex", "door", "road", "district")]
    values += [int(q[f"k{i}"]) for i in range(12)]
    execute = "EXECUTE asked(" + ", ".join(map(str, values)) + ")"
    start = time.perf_counter()
    found = db.execute(execute).fetchall()
    times.append((time.perf_counter() - start) * 1e6)
    first += bool(found) and found[0][0] == int(q["person"])
times.sort()
print(json.dumps({"version": duckdb.__version__, "fill_s": round(fill, 1), "queries": len(times), "first": first,
                  "p50_us": round(times[len(times) // 2], 1), "p99_us": round(times[len(times) * 99 // 100], 1)}))
'''


def ask_duckdb(folder):
    """The prepared query of the same keys, in an environment that is thrown away."""
    place = os.path.join(PLACE, "environment")
    if not os.path.exists(os.path.join(place, "made")):
        shutil.rmtree(place, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        subprocess.run([os.path.join(place, "bin", "pip"), "install", "-q", DUCKDB], check=True)
        open(os.path.join(place, "made"), "w").close()
    done = subprocess.run([os.path.join(place, "bin", "python"), "-c", DUCKDB_PROGRAM, folder, ASK_DUCKDB,
                           str(DUCKDB_QUESTIONS)], check=True, text=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def rivals(bench, people):
    folder = os.path.join(PLACE, "rival")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    beside = program("bench_live_sqlite", folder, people, 2000)
    duckdb = ask_duckdb(folder)
    shutil.rmtree(folder, ignore_errors=True)
    bench.notes["rivals"] = {"sqlite": beside, "duckdb": duckdb}
    size = f"{beside['people']:,} people"
    bench.figure(f"{size}: answers that SQLite {beside['sqlite_version']} with the same keys and scorer gives otherwise",
                 beside["queries"] - beside["same"], 0.5, "answers", f" of {beside['queries']:,}")
    for percent in ("p50", "p99"):
        ours = beside["index"][f"{percent}_us"]
        bench.figure(f"{size}: {percent} beside SQLite's", round(ours / beside["sqlite"][f"{percent}_us"], 4), 1,
                     "x", f"; {ours} us, SQLite {beside['sqlite'][f'{percent}_us']} us, of the processor")
        bench.figure(f"{size}: {percent} beside a prepared query of DuckDB {duckdb['version']}",
                     round(ours / duckdb[f"{percent}_us"], 5), 1, "x",
                     f"; DuckDB {duckdb[f'{percent}_us']} us by the clock, the right one first "
                     f"{duckdb['first']} of {duckdb['queries']} times by equality alone")


# -- registration ----------------------------------------------------------------------------------------

def registration(bench, people):
    folder = os.path.join(PLACE, "register")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    made = program("bench_register", folder, os.path.join(ROOT, "policy", "keelung"), people)
    shutil.rmtree(folder, ignore_errors=True)
    bench.notes[f"register_{people}"] = made
    published = EPIX_A_DAY.get(people)
    beside = "" if published is None else (f"; {made['a_second'] * 86400 / published:,.0f} times E-PIX's published "
                                           f"{published:,} a day on another machine")
    bench.figure(f"{made['people']:,} people: a registration, looked for and durable, {made['callers']} callers",
                 round(1e6 / made["a_second"], 1), 200, "us",
                 f"; {made['a_second']:,} a second, processor {made['busy_us']} us each, waited for p50 {made['p50_ms']} "
                 f"p99 {made['p99_ms']} ms{beside}")


def measure(bench):
    os.makedirs(PLACE, exist_ok=True)
    bench.notes["load_before"] = os.getloadavg()
    start = time.time()
    for people in sizes("LIVE_PEOPLE", "4000000"):
        lookup(bench, people)
    for people in sizes("LIVE_RIVAL", "1000000"):
        rivals(bench, people)
    for people in sizes("REGISTER_PEOPLE", "1000000"):
        registration(bench, people)
    bench.notes["seconds"] = round(time.time() - start)
    bench.notes["load_after"] = os.getloadavg()
