"""The power goes after each write and each sync of a fixed number of reports, sent one after the other.

After each write the disk is as the program wrote it, after each sync as it may be at worst; each must
open with a beginning of what was sent, and with all that was acknowledged. Control: synchronous=NORMAL.
"""
import random
import shutil

from city import City
from disk import SYNCED, WRITE, records
from power import Look, Recorded, Sum, opened


def every_cut(table, base, chance):
    """One client, one report after the other: each record is a moment at which the power goes."""
    recorded = Recorded(base, table, 3 if table.short else 200, clients=1)
    marks, disk, trials, wrong, lost = sorted(recorded.load.acknowledged), recorded.disk(), 0, [], 0
    folder, before = table.place(fast=True), 0
    by_program = Sum()
    for record in records(recorded.log):
        disk.play(record)
        if record[1] not in (WRITE, SYNCED):
            continue
        disk.build(folder, "kept" if record[1] == WRITE else "strict", chance)
        trials += 1
        said, found = opened(folder, trials % 10 == 0)
        shutil.rmtree(folder)
        acknowledged = recorded.acknowledged(record[0])
        wrong += said
        lost += len(set(acknowledged) - found)
        if found != set(marks[:len(found)]):
            wrong.append(f"cut {trials}: what is there is no beginning of what was sent")
        if record[1] == WRITE and len(found) < before:
            wrong.append(f"cut {trials}: {before} reports were there, now {len(found)}")
        before = len(found) if record[1] == WRITE else before
        if trials % 50 == 0:
            by_program.add(Look(table, recorded, disk, "torn", chance, record[0]))
    wrong += by_program.wrong
    table.row("power cut after each write and each sync", trials, len(marks), lost + by_program.lost, "-", wrong,
              control(table, base, chance))
    table.note(f"{by_program.trials} of them opened by the program, on a torn disk; the others by SQLite alone")
    recorded.forget()


def control(table, base, chance):
    """What synchronous=NORMAL loses of a few reports, over all moments at which only a write was done."""
    recorded, lost = Recorded(base, table, 5, clients=1, TORTURE_SYNCHRONOUS="NORMAL"), 0
    disk, folder = recorded.disk(), table.place(fast=True)
    for number, record in enumerate(records(recorded.log)):
        disk.play(record)
        if number % 20 == 0:
            disk.build(folder, "strict", chance)
            lost += len(set(recorded.acknowledged(record[0])) - opened(folder)[1])
            shutil.rmtree(folder)
    recorded.forget()
    return lost


def torture(table):
    chance = random.Random(1101206)
    every_cut(table, City.made(table.place(fast=True)), chance)
