"""A fail-over under load: the database's machine is gone, its standby is promoted, what was acknowledged is there.

Two clusters stand in the server's URL; whichever is promoted is found, without a new start. The standby
confirms each commit (synchronous_standby_names), and after each fall the one that fell is made anew as the
other's standby. Control: a standby that no commit waits for and that was cut off must lose.
"""
import os
import random
import shutil
import time

from city import Found, Load, Server, settled, trouble
from cluster import Cluster, PgCity

AWAY_MOST_S = 60


class Pair:
    """Two clusters, of which one is written to and the other follows."""

    def __init__(self, table):
        self.leader, self.follower = Cluster(table.place()), None
        self.folders = [self.leader.folder, table.place()]
        self.city = PgCity(table.place(), self.leader).make()
        self.city.url = f"postgresql:///anwang?host={','.join(self.folders)}&user=anwang"

    def follow(self):
        """A new standby in the folder that nobody leads in; it has all there is."""
        folder = next(folder for folder in self.folders if folder != self.leader.folder)
        shutil.rmtree(folder, ignore_errors=True)
        self.follower = Cluster(folder, of=self.leader)

    def wait_for_each(self, names):
        """From now on a commit waits for the standbys of these names; until they all have what there is."""
        self.city.change(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        self.city.change("SELECT pg_reload_conf()")
        end = time.monotonic() + 60
        while names and not self.city.rows("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"):
            if time.monotonic() > end:
                raise SystemExit("the standby does not follow")
            time.sleep(0.05)

    def fall(self):
        """The leader's machine is gone; the standby leads, and waits for nobody until it is followed."""
        self.leader.vanish()
        self.leader, self.follower = self.follower, None
        self.leader.promote()
        self.city.cluster = self.leader
        self.wait_for_each("")

    def stop(self):
        for cluster in (self.leader, self.follower):
            if cluster is not None:
                cluster.stop()


def loaded(load, server, until, most_s=60):
    """Reports are sent until so many are acknowledged."""
    load.start(server)
    end = time.monotonic() + most_s
    while len(load.acknowledged) < until and server.alive() and time.monotonic() < end:
        time.sleep(0.001)


def rounds(pair, load, trials, each, chance):
    """Falls as often as told under one server; what is wrong, and how long there was no receipt each time."""
    wrong, away = [], []
    witness = os.path.join(pair.city.folder, "witness.txt")
    with Server(pair.city, witness=witness) as server:
        for trial in range(trials):
            pair.follow()
            pair.wait_for_each("*")
            loaded(load, server, len(load.acknowledged) + chance.randint(1, 2 * each))
            begin = time.monotonic()
            pair.fall()
            load.end()
            while not load.sent(server, load.next_mark()) and time.monotonic() < begin + AWAY_MOST_S:
                time.sleep(0.05)
            away.append(time.monotonic() - begin)
            if away[-1] > AWAY_MOST_S or not server.alive():
                wrong.append(f"fall {trial + 1}: no receipt again; {server.said[-3:]}")
                break
        while load.unanswered and server.alive():
            load.sent(server, load.next_mark())
        if not settled(pair.city):
            wrong.append("work items still wait")
        if server.stop() != 0:
            wrong.append(f"the server did not end well: {server.said[-2:]}")
    seen = pair.city.command("audit", "verify", "--witness", witness)
    if seen.returncode != 0:
        wrong.append("the log is not what the witness saw: " + (seen.stdout + seen.stderr).strip())
    return wrong, away


def control_lost(table):
    pair = Pair(table)
    try:
        pair.follow()
        load = Load(8)
        with Server(pair.city) as server:
            pair.follower.run("psql", "-h", pair.follower.folder, "-U", "anwang", "-d", "anwang", "-c",
                              "ALTER SYSTEM SET primary_conninfo = ''")
            pair.follower.run("pg_ctl", "-D", pair.follower.data, "-s", "reload")
            loaded(load, server, 60)
            pair.leader.vanish()
            load.end()
            server.kill()
        pair.leader, pair.follower = pair.follower, None
        pair.leader.promote()
        pair.city.cluster = pair.leader
        return len(Found(pair.city.rows, load.acknowledged).lost)
    finally:
        pair.stop()


def torture(table):
    chance = random.Random(1141126)
    pair, load = Pair(table), Load(8)
    try:
        trials, each = (1, 20) if table.short else (20, 60)
        wrong, away = rounds(pair, load, trials, each, chance)
        found = Found(pair.city.rows, load.acknowledged)
        wrong += trouble(pair.city, load, "after all")
        table.counted("fail-over to a standby", trials, load, found, wrong, control_lost(table))
        table.note(f"answers: {dict(load.statuses)}; a receipt again {max(away):.1f} s after the machine was gone, at most")
    finally:
        pair.stop()
