"""A small made-up city with people in it, and accounts who may see much, something and nothing."""
import json
import os
import subprocess

from city import ANWANG, City, POLICY

PASSWORD = "torture and nothing else"

# what the units of "stranger" have to do with: nothing of it, as the account is of a unit without cases
NEAR = {
    "people": "SELECT person FROM relation WHERE unit = 'indigenous_centre' AND to_at IS NULL",
    "reports": "SELECT report FROM dispatch WHERE unit = 'indigenous_centre'",
    "families": "SELECT family_case FROM service_case WHERE unit = 'indigenous_centre'",
    "cases": "SELECT id FROM service_case WHERE unit = 'indigenous_centre'",
}


def made(table, scale="0.02"):
    """The city in a place of the table's own; made once a run."""
    if not hasattr(table, "demo"):
        folder = table.place(fast=True)
        os.makedirs(folder)
        city = City(folder, key=os.path.join(folder, "city.db.key"))
        own = {name: value for name, value in os.environ.items() if name != "ANWANG_KEY_FILE"}
        done = subprocess.run([ANWANG, "demo", "--db", city.url, "--policy", POLICY, "--scale", scale], env=own,
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode != 0:
            raise SystemExit("anwang demo: " + done.stderr)
        city.account("stranger", "worker", "indigenous_centre", PASSWORD)
        city.account("screen", "screener", "centre", PASSWORD)
        table.demo = city
    return table.demo


def routes(server):
    """(method, path) of every route that names something, from the interface's own document."""
    _, _, body = server.ask("GET", "/openapi.json")
    return [(method.upper(), path) for path, methods in json.loads(body)["paths"].items() for method in methods
            if "{" in path]
