"""A report and its work item are interrupted at each step, and finished once after the next start.

The server is killed at its k-th call on the database's files after a report was sent, for every k that
comes before the work item is done: in the intake, between intake and screening, in the screening, in a
checkpoint. Then it starts again, the sender sends again with its key if there was no receipt, and the
work item is waited for. Control: a finished work item set waiting again must be seen.
"""
import sqlite3
import time

import page
from city import City, Found, Load, not_whole, settled, trouble

CALLS = page.WRITE | page.SYNC | page.CUT | page.UNLINK


def control(city):
    """Findings after one finished work item was set waiting again by hand."""
    connection = sqlite3.connect(city.path)
    connection.execute("UPDATE work_item SET state = 'waiting', finished_at = NULL WHERE id = "
                       "(SELECT max(id) FROM work_item WHERE state = 'done')")
    connection.commit()
    connection.close()
    return len(not_whole(city.rows))


def torture(table):
    city, load, wrong = City.made(table.place(fast=True)), Load(1, "step"), []
    shared = page.page_of(city)
    nth, misses, trials, killed = 1, 0, 0, 0
    while misses < 3 and nth < (150 if table.short else 2000):
        with shared.server(city) as server:
            shared.arm(CALLS, nth, page.KILL)
            mark = load.next_mark()
            load.sent(server, mark)
            end = time.monotonic() + 5
            while server.alive() and not settled(city, 0.1) and time.monotonic() < end:
                pass
            if server.alive():
                time.sleep(0.4)  # a checkpoint follows
            reached = shared.calm() > 0
            server.kill()
        trials, killed = trials + 1, killed + int(reached)
        misses = 0 if reached else misses + 1
        with shared.server(city) as server:
            if mark not in load.acknowledged and not load.sent(server, mark):
                wrong.append(f"step {nth}: no receipt after the next start: {server.said[-2:]}")
            load.unanswered.clear()
            if not settled(city, 30):
                wrong.append(f"step {nth}: the work item still waits")
            server.stop()
        nth += 31 if table.short else 1
    found = Found(city.rows, load.acknowledged)
    wrong += trouble(city, load, "after all")
    table.counted("killed at the k-th step of a report and its work item", trials, load, found, wrong, control(city))
    table.note(f"{killed} trials came to the k-th call; the last had k = {nth - 1}")
