#!/usr/bin/env python3
"""The published figures come out of the demo city by counting, and rows and groups add up to them.

Usage: counts.py ANWANG DATABASE-URL   exit 0 all agree, 1 a figure differs
"""
import json
import os
import subprocess
import sys

POLICY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "policy", "keelung")
# indicator, period, numerator, denominator: as the city's documents print them
PRINTED = [
    ("P1-S2-1", "108", 773, 798), ("P1-S2-1", "109", 1011, 1011),
    ("P1-S2-2", "108", 169, 1460), ("P1-S2-2", "109", 121, 1757),
    ("P1-S2-4", "108", 135, 385), ("P1-S2-4", "109", 198, 408),
    ("P1-S2-5", "108", 597, 862), ("P1-S2-5", "109", 651, 1017),
    ("P2-S1-1", "110H1", 12, 229), ("P2-S2-1", "110H1", 93, 1344),
]


def count(anwang, database, code, period, *more):
    """What `anwang indicator` says, as a list."""
    done = subprocess.run(
        [anwang, "indicator", "--db", database, "--policy", POLICY, "--id", code, "--period", period,
         "--format", "json", *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{code} {period}: {done.stderr}")
    return json.loads(done.stdout)


def main():
    anwang, database = sys.argv[1], sys.argv[2]
    bad, seen = [], 0
    for code, period, numerator, denominator in PRINTED:
        seen += 1
        found = count(anwang, database, code, period)
        if [(f["numerator"], f["denominator"]) for f in found] != [(numerator, denominator)]:
            bad.append(f"{code} {period}: printed {numerator}/{denominator}, counted "
                       + ", ".join(f"{f['numerator']}/{f['denominator']}" for f in found))
        for by in ("district", "month"):
            groups = count(anwang, database, code, period, "--by", by)
            total = sum(g["denominator"] for g in groups)
            if total != denominator:
                bad.append(f"{code} {period} by {by}: the groups add up to {total}, not {denominator}")
    for line in bad:
        print(line)
    print(f"{seen} figures, {len(bad)} that differ")
    return 1 if bad or seen == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
