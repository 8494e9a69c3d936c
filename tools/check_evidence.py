#!/usr/bin/env python3
"""Checks docs/asvs.md, docs/protection-baseline.md and docs/security.md against the tree.

Usage: check_evidence.py [ROOT] [--fix]

Each requirement in scope stands once, with its level, a result of the four, and evidence; a fail says
what would mend it; each file that is named in back quotes is there; the counts above the tables are
those of the rows (--fix writes them). Exit 0 good, 1 not, also when nothing was seen.
"""
import os
import re
import sys

# how many requirements each section of the standard has, in the chapters that are in scope
SECTIONS = {
    1: [2, 10, 12, 3, 3], 2: [3, 3, 5, 2], 3: [1, 3, 5, 8, 8, 1, 5], 4: [5, 5, 2, 4], 5: [1, 6, 3, 3],
    6: [3, 12, 8, 6, 8, 4, 2, 4], 7: [3, 4, 2, 5, 3, 2], 8: [4, 4, 3, 2], 11: [4, 5, 5, 4, 2, 2, 2],
    12: [5, 2, 5], 13: [4, 6, 4, 7], 14: [2, 8, 3], 15: [5, 5, 7, 4], 16: [1, 5, 4, 3, 4]}
RESULTS = ["pass", "absent", "deploy", "fail"]
COUNTS = re.compile(r"<!-- counts -->(?:\n\n\*\*In all[^\n]*)?")
MENDS = re.compile(r"mend|be met")


def rows_of(text):
    """(line number, cells) of each row of a table whose first cell is a number of a requirement."""
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and re.match(r"\d+[.-]\d+[.-]\d+$", cells[0]):
            yield number, cells


def count_line(results):
    parts = [f"{results.count(result)} {result}" for result in RESULTS if result in results]
    return f"<!-- counts -->\n\n**In all {len(results)}: {', '.join(parts)}.**"


class Check:
    def __init__(self, root, fix):
        self.root, self.fix, self.wrong, self.seen = root, fix, [], 0

    def complain(self, name, line, text):
        self.wrong.append(f"{name}:{line}: {text}")

    def read(self, name):
        path = os.path.join(self.root, name)
        if not os.path.exists(path):
            self.complain(name, 1, "is not there")
            return ""
        with open(path, encoding="utf-8") as file:
            return file.read()

    def files(self, name, text):
        for number, line in enumerate(text.splitlines(), 1):
            for path in re.findall(r"`([A-Za-z0-9_.-]+/[A-Za-z0-9_./*-]+)`", line):
                if path.startswith("shared/"):
                    continue
                self.seen += 1
                if not os.path.exists(os.path.join(self.root, path)):
                    self.complain(name, number, f"names {path}, which is not there")

    def table(self, name, wanted, cells_wanted):
        text = self.read(name)
        seen, results = {}, []
        for number, cells in rows_of(text):
            if len(cells) != cells_wanted or not all(cells):
                self.complain(name, number, f"{cells[0]} has not {cells_wanted} filled cells")
                continue
            result, evidence = cells[-2], cells[-1]
            if cells[0] in seen:
                self.complain(name, number, f"{cells[0]} stands twice")
            seen[cells[0]] = number
            results.append(result)
            if result not in RESULTS:
                self.complain(name, number, f"{cells[0]} is \"{result}\"")
            if result == "fail" and not MENDS.search(evidence):
                self.complain(name, number, f"{cells[0]} fails, and nothing says what would mend it")
            if result == "pass" and "`" not in evidence and len(evidence) < 4:
                self.complain(name, number, f"{cells[0]} passes without evidence")
        for requirement in wanted:
            if requirement not in seen:
                self.complain(name, 1, f"{requirement} is not in the table")
        for requirement, number in seen.items():
            if wanted and requirement not in wanted:
                self.complain(name, number, f"{requirement} is not a requirement in scope")
        self.files(name, text)
        self.counts(name, text, results)

    def counts(self, name, text, results):
        found = COUNTS.search(text)
        if found and found.group(0) == count_line(results):
            return
        if not found or not self.fix:
            self.complain(name, 1, f"the counts are not those of the rows: {count_line(results)}")
            return
        with open(os.path.join(self.root, name), "w", encoding="utf-8") as out:
            out.write(text[:found.start()] + count_line(results) + text[found.end():])


def main():
    args = [arg for arg in sys.argv[1:] if arg != "--fix"]
    check = Check(args[0] if args else ".", "--fix" in sys.argv)
    wanted = {f"{chapter}.{section}.{item}" for chapter, sections in SECTIONS.items()
              for section, most in enumerate(sections, 1) for item in range(1, most + 1)}
    check.table("docs/asvs.md", wanted, 5)
    check.table("docs/protection-baseline.md", set(), 5)
    check.files("docs/security.md", check.read("docs/security.md"))
    for line in check.wrong:
        print(line)
    print(f"{len(wanted)} requirements, {check.seen} files named, {len(check.wrong)} wrong")
    return 0 if not check.wrong and check.seen > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
