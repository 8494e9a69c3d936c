"""kill -9 of PostgreSQL's postmaster under load: what was acknowledged is there when it is back.

A cluster of its own, with the disk's guarantees, but set to acknowledge before its log is written, and
to write that each ten seconds: the program must not depend on what is set. The server stays up: it must
refuse while there is no database, and go on when there is. Control: the same, with what the program
asks of synchronous_commit kept from PostgreSQL (careless.c), must lose.
"""
import random
import time

from city import Found, Load, Server, settled, shim, trouble
from cluster import Cluster, PgCity

CARELESS = ("synchronous_commit=off", "wal_writer_delay=10s", "wal_writer_flush_after=1GB", "wal_buffers=64MB")


def rounds(city, load, trials, each, chance, started_anew):
    """Kills the postmaster as often as told under one server; what is wrong, and how long it was away.
    A server that does not find its database again within 20 s is started anew, and told of."""
    wrong, away, server = [], [], Server(city)
    try:
        for trial in range(trials):
            until = len(load.acknowledged) + chance.randint(1, 2 * each)
            load.start(server)
            end = time.monotonic() + 60
            while len(load.acknowledged) < until and server.alive() and time.monotonic() < end:
                time.sleep(0.001)
            city.cluster.kill()
            time.sleep(chance.uniform(0, 0.5))
            load.end()
            city.cluster.start()
            begin = time.monotonic()
            while server.alive() and time.monotonic() < begin + 20 and not load.sent(server, load.next_mark()):
                time.sleep(0.05)
            away.append(time.monotonic() - begin)
            if not server.alive() or away[-1] > 19:
                started_anew.append(trial)
                server.kill()
                server = Server(city)
        while load.unanswered:
            load.sent(server, load.next_mark())
        if not settled(city):
            wrong.append("work items still wait")
        if server.stop() != 0:
            wrong.append(f"the server did not end well: {server.said[-2:]}")
    finally:
        server.kill()
    return wrong, away


def control_lost(table):
    cluster = Cluster(table.place(), CARELESS)
    try:
        city, load = PgCity(table.place(), cluster).make(), Load(8)
        with Server(city, preload=shim("careless")) as server:
            load.start(server)
            end = time.monotonic() + 60
            while len(load.acknowledged) < 60 and server.alive() and time.monotonic() < end:
                time.sleep(0.001)
            cluster.kill()
            load.end()
            server.kill()
        cluster.start()
        return len(Found(city.rows, load.acknowledged).lost)
    finally:
        cluster.stop()


def torture(table):
    chance = random.Random(1101206)
    cluster = Cluster(table.place(), CARELESS)
    try:
        city, load = PgCity(table.place(), cluster).make(), Load(8)
        trials, each = (2, 20) if table.short else (40, 80)
        anew = []
        wrong, away = rounds(city, load, trials, each, chance, anew)
        found = Found(city.rows, load.acknowledged)
        wrong += trouble(city, load, "after all")
        table.counted("kill -9 of the postmaster", trials, load, found, wrong, control_lost(table))
        table.note(f"answers: {dict(load.statuses)}; a receipt again {max(away):.1f} s after PostgreSQL was back, "
                   f"at most; the server was started anew {len(anew)} times")
    finally:
        cluster.stop()
