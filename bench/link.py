#!/usr/bin/env python3
"""Measures `anwang link` beside Splink on DuckDB, in the same run on the same machine.

Usage: link.py [febrl] [race] [taiwan] [million]     all four when none is named
       RUNS=1 link.py race                  fewer interleaved runs than five
       RIVAL=DIR link.py ...                a virtual environment that is there already

The rival is installed from the package index into an environment of its own, which is thrown away. FEBRL
comes inside the package `recordlinkage`; nothing of it is kept. Thresholds stand in bench/link/*.yaml
and were fixed before any truth was read; both sides are judged at theirs by the same lines here.
Every figure goes to bench/results/link.json.
"""
import collections
import csv
import glob
import itertools
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import run

HERE = os.path.dirname(os.path.abspath(__file__))
SPECS = os.path.join(HERE, "link")
RUNS = int(os.environ.get("RUNS", "5"))


def rival_environment(folder):
    """A virtual environment with splink and recordlinkage."""
    made = os.environ.get("RIVAL", os.path.join(folder, "rival"))
    if not os.path.exists(os.path.join(made, "bin", "python")):
        subprocess.run([sys.executable, "-m", "venv", made], check=True)
        subprocess.run([os.path.join(made, "bin", "pip"), "install", "--quiet", "splink", "recordlinkage"],
                       check=True)
    return made


def anwang(spec, left, out, *more):
    """What it printed, its wall seconds from start to exit, and its peak memory in MB."""
    start = time.perf_counter()
    child = subprocess.Popen([run.ANWANG, "link", "--spec", os.path.join(SPECS, spec), "--left", left,
                              "--out", out, *more], stdout=subprocess.PIPE, text=True)
    printed = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        raise SystemExit("anwang link failed")
    return json.loads(printed), time.perf_counter() - start, usage.ru_maxrss / 1024


def rival(environment, *arguments):
    done = subprocess.run([os.path.join(environment, "bin", "python"), os.path.join(SPECS, "rival.py"),
                           *arguments], check=True, text=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout.strip().splitlines()[-1])


# -- FEBRL: who finds the same people --------------------------------------------------------------------

def entity(record):
    return record.split("-")[1]


def febrl_truth(left, right):
    """Every true pair, from the ids alone: rec-12-org and rec-12-dup-0 are one person."""
    groups = collections.defaultdict(lambda: ([], []))
    for side, path in enumerate((left, right)):
        if path is None:
            continue
        with open(path, encoding="utf-8") as rows:
            for row in list(csv.reader(rows))[1:]:
                groups[entity(row[0].strip())][side].append(row[0].strip())
    if right is None:
        return {tuple(sorted(pair)) for mine, _ in groups.values() for pair in itertools.combinations(mine, 2)}
    return {tuple(sorted(pair)) for mine, theirs in groups.values() for pair in itertools.product(mine, theirs)}


def judged(out, threshold, truth):
    with open(out, encoding="utf-8") as rows:
        found = {tuple(sorted((row["left"], row["right"]))) for row in csv.DictReader(rows)
                 if float(row["probability"]) >= threshold}
    right = len(found & truth)
    precision, recall = right / max(1, len(found)), right / len(truth)
    return {"precision": precision, "recall": recall,
            "f1": 2 * precision * recall / max(1e-9, precision + recall)}


def bench_febrl(bench, folder, environment):
    data = glob.glob(os.path.join(environment, "lib", "python3*", "site-packages", "recordlinkage",
                                  "datasets", "febrl"))[0]
    least = {"1": 0.0, "2": 0.0, "3": 0.99, "4": 0.995}
    for name in least:
        left = os.path.join(data, f"dataset{name}{'a' if name == '4' else ''}.csv")
        right = os.path.join(data, "dataset4b.csv") if name == "4" else None
        more = ["--right", right] if right else []
        ours, theirs = (os.path.join(folder, f"febrl{name}.{side}.csv") for side in ("anwang", "splink"))
        _, seconds, _ = anwang("febrl.yaml", left, ours, *more)
        told = rival(environment, "febrl", theirs, left, *([right] if right else []))
        truth = febrl_truth(left, right)
        mine, other = judged(ours, 0.9, truth), judged(theirs, 0.9, truth)
        bench.notes[f"febrl{name}"] = {"anwang": mine, "splink": other, "splink_version": told["splink"],
                                       "duckdb_version": told["duckdb"]}
        bench.figure(f"FEBRL {name}: 1 - F1", round(1 - mine["f1"], 6),
                     round(max(1e-6, min(1 - other["f1"], 1 - least[name])), 6), "",
                     f"; F1 {mine['f1']:.4f} in {seconds:.1f} s, P {mine['precision']:.4f} "
                     f"R {mine['recall']:.4f}; Splink {told['splink']} on DuckDB {told['duckdb']}: "
                     f"F1 {other['f1']:.4f} in {told['total_s']:.1f} s, P {other['precision']:.4f} "
                     f"R {other['recall']:.4f}")


# -- the races -------------------------------------------------------------------------------------------

def rows_file(folder, rows):
    path = os.path.join(folder, f"rows{rows}.csv")
    if not os.path.exists(path):
        with open(path, "wb") as out:
            subprocess.run([os.path.join(run.ROOT, "build", "bench", "bench_rows"), str(rows), "1"],
                           check=True, stdout=out)
    return path


def parity_spec(folder):
    """bench/link/parity.yaml in JSON, for an environment without a YAML reader: the few kinds of line in it."""
    spec = {"fields": [], "levels": {}, "blocks": []}
    with open(os.path.join(SPECS, "parity.yaml"), encoding="utf-8") as lines:
        for line in lines:
            words = line.strip().replace('"', "").strip("- {}").replace("]", "")
            if line.startswith("  - {column:"):
                spec["fields"].append({"column": words.split(",")[0].split(": ")[1]})
            elif line.startswith("  - ["):
                spec["blocks"].append([part.strip() for part in words.strip("[").split(",")])
            elif line.startswith("  ") and ": [" in line:
                column, codes = words.split(": [")
                spec["levels"][column] = [code.strip() for code in codes.split(",")]
            elif line.startswith("threshold:"):
                spec["threshold"] = float(line.split(":")[1])
    path = os.path.join(folder, "parity.json")
    with open(path, "w", encoding="utf-8") as out:
        json.dump(spec, out)
    return path


def pair_set(path, left, right):
    with open(path, encoding="utf-8") as rows:
        return {(row[left], row[right]) for row in csv.DictReader(rows)}


def bench_race(bench, folder, environment):
    rows = rows_file(folder, int(os.environ.get("ROWS", "1000000")))
    spec, model = parity_spec(folder), os.path.join(SPECS, "parity.json")
    ours, theirs = os.path.join(folder, "race.anwang.csv"), os.path.join(folder, "race.splink.csv")
    times, told = ([], []), {}
    anwang("parity.yaml", rows, ours, "--threads", "2")
    for turn in range(RUNS):
        report, seconds, megabytes = anwang("parity.yaml", rows, ours, "--threads", "2")
        told = rival(environment, "race", rows, spec, model, theirs)
        times[0].append(seconds)
        times[1].append(told["total_s"])
        print(f"      run {turn + 1}: anwang {seconds:.2f} s {report['phases']}, {megabytes:.0f} MB; "
              f"Splink {told['total_s']:.2f} s (load {told['load_s']:.2f}, predict {told['predict_s']:.2f}, "
              f"write {told['write_s']:.2f})", flush=True)
    mine, other = pair_set(ours, "left", "right"), pair_set(theirs, "id_l", "id_r")
    ratio = statistics.median(times[1]) / statistics.median(times[0])
    bench.notes["race"] = {"anwang_s": times[0], "splink_s": times[1], "compared": report["compared"],
                           "pairs": len(mine), "splink_version": told["splink"],
                           "duckdb_version": told["duckdb"], "ratio": ratio}
    bench.figure("race 1: pairs that only one side has", len(mine ^ other), 0.5, "pairs",
                 f"; both have {len(mine & other):,} of {report['compared']:,} compared")
    bench.figure(f"race 1: our time of theirs, median of {RUNS}", round(1 / ratio, 4), 0.05, "",
                 f"; {ratio:.1f} times faster: {statistics.median(times[0]):.2f} s "
                 f"({min(times[0]):.2f} to {max(times[0]):.2f}), Splink {told['splink']} on DuckDB "
                 f"{told['duckdb']} {statistics.median(times[1]):.2f} s "
                 f"({min(times[1]):.2f} to {max(times[1]):.2f})")


# -- the made-up Taiwan: each side's own best ------------------------------------------------------------

def taiwan_rows(folder, records):
    """The half that nothing was tuned on, as a table; and its rows by id."""
    path, rows = os.path.join(folder, "taiwan.csv"), {}
    made = subprocess.Popen([os.path.join(run.ROOT, "build", "bench", "bench_synth"), "csv", str(records), "1"],
                            stdout=subprocess.PIPE, text=True, encoding="utf-8")
    known = ("record_id", "name", "national_id", "birth_date", "sex", "phone", "address")
    with open(path, "w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, known, extrasaction="ignore")
        table.writeheader()
        for row in csv.DictReader(made.stdout):
            if row["half"] == "1":
                rows[row["record_id"]] = (row["entity_id"], row["twin"], row["namesake"])
                table.writerow(row)
    if made.wait() != 0:
        raise SystemExit("the records were not made")
    return path, rows


def look_alikes(rows, column):
    """Pairs of people of whom the truth says that they could be taken for each other; of the two, one may be told."""
    people = {entity for entity, _, _ in rows.values()}
    return {frozenset((row[0], row[column])) for row in rows.values() if row[column] in people}


def clustered(path, rows):
    """Precision, recall and F1 of the pairs that stand in one cluster; and how many twins and namesakes do."""
    groups, people = collections.defaultdict(list), collections.Counter(entity for entity, _, _ in rows.values())
    with open(path, encoding="utf-8") as table:
        for row in csv.DictReader(table):
            groups[row["cluster"]].append(rows[row["id"]][0])
    truth, found, right, wrong = sum(n * (n - 1) // 2 for n in people.values()), 0, 0, collections.Counter()
    for group in groups.values():
        for one, other in itertools.combinations(group, 2):
            found += 1
            right += one == other
            if one != other:
                wrong[frozenset((one, other))] += 1
    precision, recall = right / max(1, found), right / truth
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / max(1e-9, precision + recall),
            "twins": sum(wrong[pair] for pair in look_alikes(rows, 1)),
            "namesakes": sum(wrong[pair] for pair in look_alikes(rows, 2)), "pairs": found}


def pairs_apart(rows, column):
    """Pairs of records of two people who could be taken for each other."""
    people = collections.Counter(entity for entity, _, _ in rows.values())
    return sum(people[one] * people[other] for one, other in look_alikes(rows, column))


def bench_taiwan(bench, folder, environment):
    path, rows = taiwan_rows(folder, int(os.environ.get("TAIWAN_RECORDS", "1000000")))
    ours, theirs = os.path.join(folder, "taiwan.anwang.csv"), os.path.join(folder, "taiwan.splink.csv")
    report, seconds, megabytes = anwang("taiwan.yaml", path, os.path.join(folder, "taiwan.pairs.csv"), "--threads", "2",
                                        "--clusters", ours)
    told = rival(environment, "taiwan", theirs, path)
    mine, other = clustered(ours, rows), clustered(theirs, rows)
    learned = report["phases"]["learn"] / 1000
    bench.notes["taiwan"] = {"records": len(rows), "anwang": mine, "splink": other, "anwang_s": seconds, "learn_s": learned,
                             "splink_s": told["total_s"], "splink_train_s": told["train_s"], "megabytes": megabytes,
                             "splink_version": told["splink"], "duckdb_version": told["duckdb"]}
    beside = f"Splink {told['splink']} on DuckDB {told['duckdb']}"
    bench.figure(f"race 2, {len(rows):,} records of the made-up Taiwan: 1 - F1", round(1 - mine["f1"], 5),
                 round(min(0.02, 1 - other["f1"]), 5), "",
                 f"; F1 {mine['f1']:.4f} (P {mine['precision']:.4f} R {mine['recall']:.4f}); {beside}: F1 "
                 f"{other['f1']:.4f} (P {other['precision']:.4f} R {other['recall']:.4f})")
    bench.figure("race 2: our time of theirs, learning included", round(seconds / told["total_s"], 4), 1, "",
                 f"; {seconds:.1f} s, {learned:.1f} of them learning, {megabytes:.0f} MB; {beside} "
                 f"{told['total_s']:.1f} s, {told['train_s']:.1f} of them loading and learning")
    for name, column in (("twins", 1), ("namesakes", 2)):
        apart = pairs_apart(rows, column)
        bench.figure(f"race 2: {name} put together", round(100 * mine[name] / max(1, apart), 4), 0.1, "%",
                     f"; {mine[name]} of {apart:,} pairs of records; {beside} {other[name]}")


def bench_million(bench, folder, _):
    rows = int(os.environ.get("ROWS", "4000000"))
    path = rows_file(folder, rows)
    report, seconds, megabytes = anwang("million.yaml", path, os.path.join(folder, "million.csv"),
                                        "--threads", "2", "--clusters", os.path.join(folder, "clusters.csv"))
    bench.notes["million"] = {"report": report, "seconds": seconds, "megabytes": megabytes}
    bench.figure(f"{rows:,} rows deduplicated in 6 passes, learning included", round(seconds, 1), 60, "s",
                 f"; {report['compared']:,} pairs compared, {report['links']:,} links, {report['phases']}")
    bench.figure("its peak memory", round(megabytes), 3000, "MB")


def main():
    names = sys.argv[1:] or ["febrl", "race", "taiwan", "million"]
    work = {"febrl": bench_febrl, "race": bench_race, "taiwan": bench_taiwan, "million": bench_million}
    if any(name not in work for name in names):
        print(__doc__, file=sys.stderr)
        return 2
    subprocess.run(["ninja", "-C", os.path.join(run.ROOT, "build"), "--quiet"], check=True)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    bench = run.Bench("link")
    with tempfile.TemporaryDirectory(prefix="anwang-link-") as folder:
        environment = rival_environment(folder) if names != ["million"] else None
        for name in names:
            work[name](bench, folder, environment)
    return 0 if bench.done() else 1


if __name__ == "__main__":
    sys.exit(main())
