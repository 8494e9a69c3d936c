"""kill -9 of the server at random moments under load: what was acknowledged is there, and once.

The clients send again, with its key, whatever they got no answer to. Controls: the same with the
write-ahead log thrown away after the kill must lose; and one report sent again under another key
must be seen as doubled.
"""
import os
import random
import time

from city import City, Found, Load, Server, settled, trouble


def rounds(city, load, trials, each, chance, after_kill=None):
    """Kills as often as told, each after some 1 to 2 * each receipts; what is wrong, in words."""
    wrong = []
    for trial in range(trials):
        with Server(city) as server:
            if not server.alive():
                return wrong + [f"kill {trial}: the server did not start again: {server.said}"]
            wrong += [f"kill {trial}: {mark} is not there" for mark in Found(city.rows, load.acknowledged).lost]
            until = len(load.acknowledged) + chance.randint(1, 2 * each)
            load.start(server)
            while len(load.acknowledged) < until and server.alive():
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.02))
            server.kill()
            load.end()
        if after_kill:
            after_kill()
    return wrong


def end_well(city, load):
    """One more start: what is unanswered is sent again, and every work item is finished."""
    with Server(city) as server:
        while load.unanswered and server.alive():
            if not load.sent(server, load.next_mark()):
                time.sleep(0.1)
        done = settled(city, 900)
        code = server.stop()
    return ([] if done else ["work items still wait"]) + ([] if code == 0 else [f"the server ended with {code}"])


def control_lost(base, table, chance):
    """How many are lost when the log is thrown away, and one that is doubled by its sender."""
    city, load = base.copy(table.place()), Load(4)

    def throw_away():
        os.unlink(city.path + "-wal")

    rounds(city, load, 2, 40, chance, throw_away)
    lost = len(Found(city.rows, load.acknowledged).lost)
    with Server(city) as server:
        server.send("twice", "key-1")
        server.send("twice", "key-2")
        server.stop()
    doubled = len(Found(city.rows, {}).doubled)
    return lost, doubled


def torture(table):
    chance = random.Random(1101206)
    base = City.made(table.place())
    city, load = base.copy(table.place()), Load(8)
    trials, each = (6, 40) if table.short else (60, 50)
    wrong = rounds(city, load, trials, each, chance)
    wrong += end_well(city, load)
    found = Found(city.rows, load.acknowledged)
    wrong += trouble(city, load, "after all")
    lost, doubled = control_lost(base, table, chance)
    if doubled != 1:
        wrong.append(f"a report that was sent under two keys was seen as doubled {doubled} times")
    table.counted("kill -9 of the server", trials, load, found, wrong, lost)
    table.note(f"answers: {dict(load.statuses)}; unanswered sendings (0) were sent again with their key")
