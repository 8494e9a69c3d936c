"""Every route, asked by every role at every tie, as page and as JSON, is looked through for every marker.

A story (story.py) plants a marker for each class of field of each side; oracle.py says from roles.yaml
and the city's rules who may find it. Routes are those of the interface's own document: one that this
test cannot fill fails it, and so does a parameter it does not know. Surplus, a marker found by one who
may not, is wrong. Missing, one that is allowed and nowhere shown, is told. Control: the same city
under a roles.yaml in which a class was opened by mistake must show a surplus.
"""
import collections
import concurrent.futures
import json
import os
import re
import shutil
import threading
import urllib.parse

import oracle
from city import POLICY, Server
from story import UNITS, Asker, Person, Story

ROLES = os.path.join(os.path.dirname(POLICY), "taiwan", "roles.yaml")


class Tie:
    """A standing to the people of the story: the unit, and what the account itself has to do with whom."""

    def __init__(self, name, unit, own=(), ended=(), opens=None, stale=False):
        self.name, self.unit, self.own, self.ended = name, unit, list(own), list(ended)
        self.opens, self.stale = opens, stale


PROTECTED = [("victim", "protected"), ("child", "protected")]
TIES = [
    Tie("none", "elder_welfare"),
    Tie("centre", UNITS["centre"]),
    Tie("unit leads", UNITS["lead"]),
    Tie("lead, protected", UNITS["lead"], [(p, s, "lead") for p, s in PROTECTED] + [("respondent", "protected", "context")]),
    Tie("lead, protected, proof old", UNITS["lead"], [(p, s, "lead") for p, s in PROTECTED], stale=True),
    Tie("co, protected", UNITS["co"], [(p, s, "co") for p, s in PROTECTED]),
    Tie("co, neutral", "family_education", [("victim", "neutral", "co")]),
    Tie("unit of the respondent", UNITS["respondent"]),
    Tie("lead, respondent", "drug_centre", [("respondent", "respondent", "lead")]),
    Tie("both sides", "long_term_care", [("victim", "protected", "lead"), ("respondent", "respondent", "co")]),
    Tie("another family", "employment", [("stranger", "neutral", "lead")]),
    Tie("unit of another family", "fc_anle"),
    Tie("unit gave it back", UNITS["gave_back"]),
    Tie("unit was done", UNITS["done"]),
    Tie("ended", "immigrant_centre", ended=[(p, s, "lead") for p, s in PROTECTED]),
    Tie("settles", "city_office"),
    Tie("opened in an emergency", "fire", opens="victim"),
]


class Paths:
    """Fills the parameters of routes with what the story made."""

    def __init__(self, story):
        n, reports = story.numbers, story.reports
        cases = [n["case of victim"]]
        self.of = {"/people": [n[w] for w in ("victim", "respondent", "child", "stranger", "waiting", "sealed")],
                   "/reports": list(reports.values()), "/families": [n["family of victim"]], "/cases": cases,
                   "/indicators": ["P1-S2-1", "P2-S2-1"], "/accounts": ["player.screener"],
                   "/break-glass": ["BC0000000-0001-1"], "/log": ["1"], "/links": story.links,
                   "/policy": ["1"]}
        units = [UNITS[u] for u in ("lead", "respondent", "co", "gave_back", "done")]
        self.units = {reports["r1"]: units, reports["r2"]: [story.unit2]}
        name, number = (story.text_of("victim's registered " + what) for what in ("identity", "number"))
        self.values = {
            "next": ["/work"], "person": [n["victim"]], "search": [name, number], "part": ["decisions"], "show": ["contacts"],
            "period": ["115"], "definition": [""], "by": [""], "group": [""], "from": [""], "to": [""], "state": [""],
            "login": ["player.screener"], "object": [reports["r1"]], "action": ["person."], "outcome": ["ok"],
            "before": ["100000"], "check": ["1"], "unit": [UNITS["lead"]], "kind": ["adult_ipv"], "district": [""],
            "mine": [""], "urgent": [""], "number": [reports["r1"]], "code": ["0000-0000-0000"], "channel": ["agency"],
            "after": [""], "register": ["welfare"], "why": ["conflict"], "page": ["2"],
            "table": ["1", "lead"], "first": ["1"],
            "rule": ["1"], "year": ["109"], "of": ["unit"]}

    def fill(self, path):
        """Every path of a route; KeyError when it has a part that this test does not know."""
        head = "/" + path.split("/")[1]
        out = []
        names = re.findall(r"\{(\w+)\}", path)
        unknown = set(names) - {"number", "unit", "index", "code", "login", "link", "file"}
        if unknown:
            raise KeyError(f"{path}: nothing is known of {{{unknown.pop()}}}")
        for first in self.of[head] if names else [None]:
            filled = path if first is None else re.sub(r"\{(number|code|login|link)\}", first, path)
            filled = filled.replace("{index}", "1").replace("{file}", "lead.csv")
            units = self.units.get(first, []) if "{unit}" in filled else [""]
            out += [filled.replace("{unit}", unit) for unit in units]
        return out

    def queries(self, path, names):
        """The path alone, and with each parameter."""
        out = [path]
        for name in names:
            if name not in self.values:
                raise KeyError(f"{path}: nothing is known of ?{name}=")
            out += [f"{path}?{name}={urllib.parse.quote(value)}" for value in self.values[name] if value]
        return out


class Routes:
    """Of the interface's own document: what to ask for, and what this test could not fill."""

    def __init__(self, document, paths):
        self.reads, self.writes, self.unknown, self.count = [], [], [], 0
        for path, methods in document["paths"].items():
            for method, route in methods.items():
                self.count += 1
                try:
                    self.add(paths, method, path, route)
                except KeyError as wrong:
                    self.unknown.append(f"{method.upper()} {wrong.args[0]}")
        # what ends sessions comes last
        self.writes.sort(key=lambda filled: (filled[0] == "/logout", filled[0].startswith(("/accounts/", "/account/sessions/"))))

    def add(self, paths, method, path, route):
        if "text/event-stream" in route.get("responses", {}).get("200", {}).get("content", {}):
            return  # a reply without an end, of topics and numbers: tests/net/test_events.c
        names = [p["name"] for p in route.get("parameters", []) if p["in"] == "query"]
        filled = paths.fill(path)
        if method == "get":
            self.reads += [asked for one in filled for asked in paths.queries(one, names)]
        else:
            self.writes.append(filled)


class Scan:
    """Asks for everything as everybody, and keeps what was found by whom."""

    def __init__(self, server, world, markers):
        self.server, self.world, self.local, self.lock = server, world, threading.local(), threading.Lock()
        self.markers = [(m, forms(m)) for m in markers]
        self.requests, self.surplus, self.found, self.broken = 0, collections.Counter(), collections.defaultdict(set), []

    def one(self, person, viewer, may, method, path, as_json):
        if not hasattr(self.local, "asker"):
            self.local.asker = Asker(self.server)
        asked = urllib.parse.unquote(path)
        if "?search=" in path:  # what is searched for is posted, and the page's URL holds a handle of it
            _, headers, _ = self.local.asker.ask(person, "POST", path.split("?")[0] + "/search", {"q": asked.split("=", 1)[1]})
            path = headers.get("Location") or path
        status, headers, text = self.local.asker.ask(person, method, path, {}, as_json)
        text += headers.get("Location") or ""
        found = [m for m, shapes in self.markers if any(s in text for s in shapes) and m.text not in asked]
        with self.lock:
            self.requests += 1
            if status >= 500:
                self.broken.append(f"{method} {path} by {viewer.role}: {status}")
            for marker in found:
                if marker in may:
                    self.found[viewer].add(marker)
                else:
                    self.surplus[f"{marker.what} for {viewer.role} ({viewer.tie.name}, {viewer.purpose}) on {method} "
                                 f"{path.split('?')[0]}" + (" as JSON" if as_json else "")] += 1

    def everything(self, person, viewer, method, asked, as_json):
        settles = oracle.settling(self.world, viewer)
        viewer.may, in_hand = ({m for m, _ in self.markers if oracle.allowed(self.world, who, m)}
                               for who in (viewer, settles))
        for path in asked:
            self.one(person, viewer, in_hand if path.startswith("/links") else viewer.may, method, path, as_json)

    def run(self, people, method, asked, as_json):
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            list(pool.map(lambda p: self.everything(p[0], p[1], method, asked, as_json), people))


def forms(marker):
    text = marker.text
    if re.fullmatch(r"09\d{8}", text):
        return [text, f"{text[:4]}-{text[4:7]}-{text[7:]}", "+886" + text[1:]]
    return [text]


def world_of(story):
    """Who is protected from whom, and who has which part: as the story was told."""
    screening = ("centre", "neutral", "screening", None)
    return oracle.World(
        protected_from={"respondent": {"victim", "child"}, "other": {"waiting"}},
        hiding={"respondent": {"victim", "child"}, "other": {"waiting"}},
        reports={
            # who gave a part back answers for it until it is redirected, and the centre reads it again; a
            # part that is done gives nothing any more; the lead's goes on as its case
            "r1": (["victim", "respondent", "child"], [
                (UNITS["lead"], "protected", "lead", "player.worker." + UNITS["lead"]),
                (UNITS["co"], "protected", "co", "player.worker." + UNITS["co"]),
                (UNITS["respondent"], "respondent", "co", "player.worker." + UNITS["respondent"]),
                (UNITS["gave_back"], "protected", "co", None), screening], False),
            "r2": (["stranger"], [(story.unit2, "protected", "lead", "player.worker." + story.unit2)], False),
            "r3": (["waiting", "other"], [screening], False),
            "r4": (["sealed"], [screening], True),
            "held": ([], [screening], False),
        },
        in_doubt={"victim", "stranger", "respondent"},
        telling=oracle.unit_classes(os.path.join(POLICY, "units.yaml")))


def unit_ties(story):
    """What each unit has to do with whom, by the same tale."""
    both = [("victim", "protected"), ("child", "protected")]
    return {
        UNITS["lead"]: [(p, s, "lead") for p, s in both] + [("respondent", "protected", "context")],
        UNITS["co"]: [(p, s, "co") for p, s in both] + [("respondent", "protected", "context")],
        UNITS["gave_back"]: [(p, s, "co") for p, s in both] + [("respondent", "protected", "context")],
        UNITS["respondent"]: [("respondent", "respondent", "co")],
        story.unit2: [("stranger", "protected", "lead")],
        "centre": [(p, "neutral", "screening") for p in ("victim", "respondent", "child", "waiting", "other",
                                                                "sealed")],
    }


def check_ledger(story):
    """The program's own ledger says the same of the units, or the table would be of another city."""
    told = {(unit, person, "respondent" if kind == "lead" and side == "respondent" else side, kind)
            for unit, ties in unit_ties(story).items() for person, side, kind in ties if kind != "screening"}
    who = {v: k for k, v in story.persons.items()}
    found = {(unit, who.get(person), side, kind) for unit, person, side, kind in story.tables.rows(
        "SELECT DISTINCT unit, person, side, tie FROM relation WHERE to_at IS NULL AND tie <> 'screening'")}
    return [f"the ledger: {entry}" for entry in sorted(told ^ found, key=str)]


def viewers(story, roles):
    """(Person, Viewer) of each role, tie and purpose; their ties stand in the ledger."""
    out, units = [], unit_ties(story)
    for role in roles.sees:
        for number, tie in enumerate(TIES):
            for purpose in roles.acts_for[role]:
                person = Person(f"{role}.{number}", role, tie.unit, purpose, tie.stale)
                colleagues = units.get(tie.unit, []) + tie.own  # other roles of the same tie sit beside them
                viewer = oracle.Viewer(roles, person.login, role, purpose, tie.unit, tie.own, colleagues,
                                       stale=tie.stale)
                viewer.tie = tie
                out.append((person, viewer))
    story.tables.sign_in([person for person, _ in out])
    for login, person, tie in {(p.login, p.account, v.tie) for p, v in out}:
        for who, side, kind in tie.own:
            story.tables.tie(person, tie.unit, story.persons[who], side, kind)
        for who, side, kind in tie.ended:
            story.tables.tie(person, tie.unit, story.persons[who], side, kind, ended=True)
    return out


def open_glass(scan, story, people):
    """Whoever may, opens the person whom their tie is about; in a way that all their sessions see."""
    asker, done = Asker(scan.server), set()
    for person, viewer in people:
        if viewer.tie.opens is None or "person.break_glass" not in viewer.roles.may[viewer.role]:
            continue
        if person.login not in done:
            done.add(person.login)
            status, _, text = asker.ask(person, "POST", "/break-glass", {
                "person": story.numbers[viewer.tie.opens], "reason": "night_duty", "words": "夜間警方到場急診甲申"})
            if status != 303:
                raise SystemExit(f"{person.login} could not open: {status} {text[-1500:]}")
        viewer.opened.add(viewer.tie.opens)


def missing(scan, people):
    """What is allowed and was found nowhere, by how many viewers."""
    count = collections.Counter()
    for _, viewer in people:
        for marker in viewer.may - scan.found[viewer]:
            count[f"{marker.what}: {viewer.role}"] += 1
    return count


def document_of(server):
    return json.loads(server.ask("GET", "/openapi.json")[2])


def scanned(story, people, short):
    """Everything, by everybody. short: as JSON for the first purpose of each role alone; each act on one
    thing, for that purpose, answered as a page."""
    first = [(p, v) for p, v in people if not short or p.purpose == v.roles.acts_for[v.role][0]]
    with Server(story.city) as server:
        routes = Routes(document_of(server), Paths(story))
        scan = Scan(server, world_of(story), story.markers)
        open_glass(scan, story, people)
        scan.run(people, "GET", routes.reads, False)
        scan.run(first, "GET", routes.reads, True)
        writes = [path for filled in routes.writes for path in (filled[:1] if short else filled)]
        for as_json in (False,) if short else (False, True):
            scan.run(first, "POST", writes, as_json)
        server.stop()
    return routes, scan


def controls(table, story, roles):
    """Surplus found when a class is open to everybody by mistake, of each class; 0 when one is not found.
    A route with a part that nobody here knows is one that cannot be filled."""
    policies = table.place(fast=True)
    shutil.copytree(os.path.dirname(POLICY), policies)
    opened = ["existence", "identity", "address", "contact", "narrative"]
    path = os.path.join(policies, os.path.relpath(ROLES, os.path.dirname(POLICY)))
    with open(path, encoding="utf-8") as file:
        head, worker = file.read().split("  - code: worker\n")
    with open(path, "w", encoding="utf-8") as file:
        file.write(head + "  - code: worker\n" + worker.replace("none: []", f"none: [{', '.join(opened)}]", 1))
    person = Person("planted", "worker", "elder_welfare", "casework")
    viewer = oracle.Viewer(roles, person.login, "worker", "casework", person.unit)
    viewer.tie = TIES[0]
    story.tables.sign_in([person])
    with Server(story.city, policy=os.path.join(policies, os.path.basename(POLICY))) as server:
        document = document_of(server)
        document["paths"]["/planted/{thing}"] = {"get": {}}
        routes = Routes(document, Paths(story))
        scan = Scan(server, world_of(story), story.markers)
        for as_json in (False, True):
            scan.run([(person, viewer)], "GET", routes.reads, as_json)
        server.stop()
    found = {m.field_class for m in story.markers if any(k.startswith(m.what + " for ") for k in scan.surplus)}
    return sum(scan.surplus.values()) if set(opened) <= found and len(routes.unknown) == 1 else 0


def torture(table):
    story = Story(table.place(fast=True))
    roles = oracle.Roles(ROLES)
    wrong = check_ledger(story)
    people = viewers(story, roles)
    routes, scan = scanned(story, people, table.short)
    wrong += scan.broken + routes.unknown + [f"surplus: {what}" for what in sorted(scan.surplus)]
    nowhere = missing(scan, people)
    count = scan.requests * len(story.markers)
    table.note(f"{routes.count} routes, {len(people)} viewers ({len(roles.sees)} roles, {len(TIES)} ties), "
               f"{len(story.markers)} markers, {scan.requests:,} requests: {count:,} comparisons, "
               f"{len(scan.surplus)} surplus; {sum(nowhere.values()):,} allowed and on no page of those roles")
    for what, times in sorted(nowhere.items()) if not table.short else ():
        table.note(f"allowed and nowhere shown: {what} ({times})")
    for marker in story.markers:  # one that many may find and nobody does would prove nothing
        if any(marker in v.may for _, v in people) and not any(marker in found for found in scan.found.values()):
            wrong.append("nobody found: " + marker.what)
    table.row("matrix: what each role finds on every route", count, wrong=wrong, control=controls(table, story, roles))
