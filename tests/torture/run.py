#!/usr/bin/env python3
"""Tortures the program and counts what it lost: what `make torture` does.

Usage: run.py [--short] [NAME...]    exit 0 nothing was lost and every control lost something, else 1

Each torture is a file beside this one that fills rows of one table: trials, reports acknowledged,
lost, doubled, and what the control lost. A control is the same trial with one promise taken away on
purpose. Where it loses nothing, the torture was blind and has failed. --short: the same ways, fewer
trials, about a minute in all. Everything happens in a folder of its own, which goes at the end.
"""
import importlib
import os
import shutil
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
TORTURES = ["kill", "steps", "power", "cuts", "faults", "memory", "clock", "postgres", "failover", "overheard", "door", "matrix"]
NAMED = ["alike"]  # run when they are named


class Table:
    """Rows as they come; what is wrong is told at once."""

    HEAD = ("torture", "trials", "acknowledged", "lost", "doubled", "wrong", "control lost")

    def __init__(self, folder, memory, short):
        self.folder, self.memory, self.short, self.bad, self.count = folder, memory, short, [], 0

    def place(self, fast=False):
        """A folder for one trial; fast: where the disk that counts is a played one."""
        self.count += 1
        return os.path.join(self.memory if fast else self.folder, f"t{self.count}")

    def note(self, words):
        print("      " + words, flush=True)

    def row(self, what, trials, acknowledged="-", lost="-", doubled="-", wrong=(), control="-"):
        """A line of the table. control: how much the control lost; "-" where the row has none."""
        cells = (what, trials, acknowledged, lost, doubled, len(wrong), control)
        print("| " + " | ".join(f"{cell:,}" if isinstance(cell, int) else cell for cell in cells) + " |", flush=True)
        for words in list(wrong)[:20]:
            self.note(words)
        if wrong or lost not in ("-", 0) or doubled not in ("-", 0):
            self.bad.append(what)
        if control == 0:
            self.bad.append(what + ": its control lost nothing, so it is blind")
        if trials == 0 or acknowledged == 0:
            self.bad.append(what + ": nothing was tried")

    def counted(self, what, trials, load, found, wrong, control="-"):
        """A line from what was sent (city.Load) and what the tables hold of it (city.Found)."""
        self.row(what, trials, len(load.acknowledged), len(found.lost), len(found.doubled), wrong, control)


def main():
    words = sys.argv[1:]
    short = "--short" in words
    names = [word for word in words if word != "--short"] or TORTURES
    known = TORTURES + NAMED
    unknown = [name for name in names if name not in known]
    if unknown:
        print("there is no torture " + ", ".join(unknown) + "; there are: " + " ".join(known), file=sys.stderr)
        return 2
    folders = [tempfile.mkdtemp(prefix="anwang-torture-"),
               tempfile.mkdtemp(prefix="anwang-torture-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)]
    table = Table(*folders, short)
    print("| " + " | ".join(Table.HEAD) + " |\n|" + "---|" * len(Table.HEAD), flush=True)
    try:
        for name in names:
            start = time.monotonic()
            importlib.import_module(name).torture(table)
            table.note(f"{name}: {time.monotonic() - start:.0f} s")
    finally:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
    for what in table.bad:
        print("failed: " + what)
    return 1 if table.bad else 0


if __name__ == "__main__":
    sys.exit(main())
