#!/usr/bin/env python3
"""A server in its sandbox reaches PostgreSQL by name over TCP with a password file, again after it was away.

Usage: fenced.py ANWANG FOLDER   exit 0 all right, 1 something is not. FOLDER: an empty one, it is filled.
The control is a server whose password file does not hold the password: it must not start.
"""
import os
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "torture"))
import city as torture_city  # noqa: E402
from cluster import Cluster, PgCity  # noqa: E402


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def healthy(server, status, timeout=30):
    """Waits for an answer of this status."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        try:
            if server.ask("GET", "/healthz")[0] == status:
                return True
        except OSError:
            pass
        time.sleep(0.1)
    return False


def password_file(path, port, password):
    with open(path, "w", encoding="ascii") as file:
        file.write(f"localhost:{port}:anwang:anwang:{password}\n")
    os.chmod(path, 0o600)
    return path


def tried(folder):
    """What is wrong, in words."""
    port = free_port()
    os.environ["PGPORT"] = str(port)  # for PostgreSQL's own tools
    cluster = Cluster(os.path.join(folder, "cluster"), ("listen_addresses=127.0.0.1", f"port={port}"))
    try:
        city = PgCity(os.path.join(folder, "city"), cluster).make()
        city.change("ALTER ROLE anwang PASSWORD 'fenced'")
        with open(os.path.join(cluster.data, "pg_hba.conf"), "w", encoding="ascii") as file:
            file.write("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
        city.change("SELECT pg_reload_conf()")
        city.url = f"postgresql://anwang@localhost:{port}/anwang"
        wrong = password_file(os.path.join(folder, "wrong"), port, "another")
        with torture_city.Server(city, words=("--require-sandbox",), PGPASSFILE=wrong) as server:
            if server.port is not None:
                return "a server starts with a wrong password: nothing is proven"
        right = password_file(os.path.join(folder, "right"), port, "fenced")
        with torture_city.Server(city, words=("--require-sandbox",), PGPASSFILE=right) as server:
            if server.port is None or any("NO SANDBOX" in line for line in server.said):
                return f"the server does not start in its sandbox: {server.said}"
            if not healthy(server, 200):
                return "the server does not reach its database"
            cluster.stop()
            if not healthy(server, 503):
                return "nobody notices that the database is away"
            cluster.start()
            if not healthy(server, 200):
                return f"the server does not find its database again: {server.said[-3:]}"
            if server.stop() != 0:
                return "the server does not end well"
    finally:
        cluster.stop()
    return None


def main():
    torture_city.ANWANG = os.path.abspath(sys.argv[1])
    wrong = tried(os.path.realpath(sys.argv[2]))
    print(wrong or "in its sandbox, by name, with a password: reached, lost and found again")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
