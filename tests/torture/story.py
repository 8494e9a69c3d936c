"""A city of two families whose every fact is told once and can be found again in a page.

Played through the pages, as it would happen: people are registered, reports come in, are screened and
dispatched, one unit serves the protected side, one the respondent, one gave its part back, one is done
with its part; a case is opened, visited, planned for. What is written has words of its own: a marker.
"""
import collections
import hashlib
import http.client
import json
import os
import re
import sqlite3
import threading
import time
import urllib.parse

from city import POLICY, City, Server, settled

# what: a label; owners: whose it is, any of them opens it: a person of the story, a report, (report,
# person) for what a report says of somebody, or (report, unit) of what the unit was asked
Marker = collections.namedtuple("Marker", "text field_class owners what")

PEOPLE = {  # name, number, phone, address: as they are registered; who waits, at the victim's door
    "victim": ("林蘅芷", "A290000016", "0911000101", "基隆市信義區蘅芷一路101號"),
    "respondent": ("陳嶽峙", "A190000027", "0911000102", "基隆市仁愛區嶽峙二路102號"),
    "stranger": ("蘇澹寧", "B290000033", "0911000103", "基隆市安樂區澹寧三路103號"),
    "waiting": ("鄒霽霖", "B290000042", "0911000104", "基隆市信義區忠孝里蘅芷一路101號"),
    "sealed": ("葛昀綺", "C290000058", "0911000105", "基隆市七堵區昀綺五路105號"),
}
PARTS = {  # report: its kind, and who is what in it
    "r1": ("adult_ipv", [("victim", "victim"), ("respondent", "respondent"), ("child", "child")]),
    "r2": ("vulnerable_family", [("stranger", "subject")]),
    "r3": ("adult_ipv", [("waiting", "victim"), ("other", "respondent")]),
    "r4": ("sexual_assault", [("sealed", "victim")]),
}
UNITS = {"lead": "dv_adult", "respondent": "mental_health", "co": "student_counselling",
         "gave_back": "police_women", "done": "women_children_aid", "centre": "centre"}


def demo_number(letter, sex, serial):
    """A made-up national number with its check digit: sex 5 or 6, which no person has."""
    code = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(letter) + 10
    digits = [code // 10, code % 10, sex] + [int(c) for c in f"{serial:07d}"]
    weights = [1, 9, 8, 7, 6, 5, 4, 3, 2, 1]
    rest = sum(d * w for d, w in zip(digits, weights)) % 10
    return f"{letter}{sex}{serial:07d}{(10 - rest) % 10}"


def quote(values):
    return urllib.parse.urlencode(values, doseq=True)


class Person:
    """An account with a session of its own, made in the tables: a thousand logins would be a test of
    passwords."""

    def __init__(self, login, roles, unit, purpose, stale=False):
        self.login, self.roles, self.unit, self.purpose, self.stale = login, roles, unit, purpose, stale
        self.token = hashlib.sha256(f"token {login} {purpose} {stale}".encode()).digest()
        self.csrf = hashlib.sha256(b"csrf" + self.token).digest()
        self.account = None

    def headers(self, server, as_json=False):
        return {"Cookie": "__Host-anwang=" + self.token.hex(), "Host": f"127.0.0.1:{server.port}",
                "Origin": f"http://127.0.0.1:{server.port}", "Accept": "application/json" if as_json else "text/html"}


class Asker:
    """One connection that is kept."""

    def __init__(self, server):
        self.server, self.connection = server, None

    def ask(self, person, method, path, form=None, as_json=False):
        headers = person.headers(self.server, as_json) if person else {"Accept": "text/html"}
        body = None
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = quote(dict(form or {}, csrf=person.csrf.hex()) if person else form or {})
        for again in (False, True):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
            try:
                self.connection.request(method, path, body, headers)
                reply = self.connection.getresponse()
                return reply.status, reply.headers, reply.read().decode("utf-8", "replace")
            except (http.client.HTTPException, OSError):
                self.connection.close()
                self.connection = None
                if again:
                    raise


class Tables:
    """The database file, written beside the program: for what only a clock or a stranger could do."""

    def __init__(self, city):
        self.city = city
        self.connection = sqlite3.connect(city.path, timeout=30)
        self.account = 9000

    def rows(self, statement, *values):
        return self.connection.execute(statement, values).fetchall()

    def one(self, statement, *values):
        return self.rows(statement, *values)[0][0]

    def write(self, statement, *values):
        with self.connection:
            self.connection.execute(statement, values)

    def sign_in(self, people):
        """Accounts, once for each login, and a session for each person."""
        now, known = int(time.time() * 1000), dict(self.rows("SELECT login, id FROM account"))
        with self.connection:
            for p in people:
                if p.login not in known:
                    self.account += 1
                    known[p.login] = self.account
                    self.connection.execute(
                        "INSERT INTO account (id, login, name, title, unit, roles, password, failed_count, created_at) "
                        "VALUES (?, ?, '試', '員', ?, ?, '!', 0, ?)", (self.account, p.login, p.unit, p.roles, now))
                p.account = known[p.login]
                token = hashlib.blake2b(p.token, digest_size=32).digest()
                proved = now - 3600 * 1000 if p.stale else now
                self.connection.execute(
                    "INSERT INTO session (token_hash, account, purpose, csrf, created_at, seen_at, proved_at) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)", (token, p.account, p.purpose, p.csrf, proved, now, proved))

    def tie(self, account, unit, person, side, kind, ended=False):
        identity = self.one("SELECT max(id) FROM relation") + 1
        self.write("INSERT INTO relation (id, unit, account, person, side, tie, reference, from_at, to_at) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?)", identity, unit, account, person, side, kind, identity,
                   2 if ended else None)


class Story:
    """Plays it, and knows afterwards: who is who (persons, reports, families, cases) and every marker."""

    def __init__(self, folder):
        self.city, self.markers, self.persons, self.numbers, self.reports = City.made(folder), [], {}, {}, {}
        self.tables = Tables(self.city)
        self.players = {}
        for name, roles, unit, purpose in (
                ("screener", "screener", "centre", "screening"), ("reviewer", "dispatch_reviewer", "centre", "screening"),
                *((f"{role}.{unit}", role, unit, purpose) for unit in set(UNITS.values()) | {"fc_anle"}
                  for role, purpose in (("worker", "casework"), ("supervisor", "supervision")))):
            self.players[name] = Person("player." + name, roles, unit, purpose)
        self.tables.write("INSERT INTO setting VALUES ('demo', '1')")  # made-up numbers are taken
        self.tables.sign_in(self.players.values())
        with Server(self.city) as server:
            self.server, self.asker = server, Asker(server)
            self.play()
            code = server.stop()
        if code != 0:
            raise SystemExit(f"the story's server ended with {code}: {server.said}")

    def act(self, player, path, **form):
        """One act; what it says in return. An act that is refused ends the story."""
        status, headers, text = self.asker.ask(self.players[player], "POST", path, form)
        if status not in (200, 303):
            raise SystemExit(f"{player}: POST {path} {form}: {status} {re.sub('<[^>]*>', ' ', text)[:1500]}")
        return headers.get("Location") or text

    def mark(self, text, field_class, owner, what):
        owners = (owner,) if isinstance(owner, str) else tuple(owner)
        self.markers.append(Marker(text, field_class, owners, what))
        return text

    def text_of(self, what):
        return next(m.text for m in self.markers if m.what == what)

    # -- people and reports -------------------------------------------------------------------------

    def register(self):
        for i, (who, (name, _, phone, address)) in enumerate(PEOPLE.items()):
            number = demo_number("C", 6, 1000 + i)
            path = self.act("screener", "/people", name=name, national_id=number, phone=phone, address=address,
                            birth_date=f"19{70 + i}-0{i + 1}-1{i}", sex="F", sure="1")
            self.numbers[who] = path.split("/")[-1]
            self.persons[who] = self.tables.one("SELECT id FROM person WHERE number = ?", self.numbers[who])
            for text, field_class in ((name, "identity"), (number, "number"), (phone, "contact"), (address, "address"),
                                      (self.numbers[who], "existence")):
                reported = field_class in ("identity", "number")  # a report about them says it too
                self.mark(text, field_class, [who] + [(r, who) for r in PARTS if who in dict(PARTS[r][1]) and reported],
                          f"{who}'s registered {field_class}")

    def person(self, report, who, role, serial):
        """A person of a report as the reporter writes of them: with the number, and another address."""
        known = who in PEOPLE
        name = PEOPLE[who][0] if known else f"林{'芊芃'[serial % 2]}苡"
        written = {"role": role, "name": name, "sex": "F", "phone": f"09220002{serial:02d}",
                   "address": f"基隆市中正區通報{chr(0x7532 + serial)}路{200 + serial}號",
                   "safe_call": f"03:{10 + serial}-04:{10 + serial}", "age": 30}
        if known:
            written["national_id"] = self.text_of(f"{who}'s registered number")
        # whoever is made from the report has it registered, too
        owners = [(report, who)] + ([] if known else [who])
        if not known:
            self.mark(name, "identity", owners, f"{who}'s name in {report}")
        self.mark(written["phone"], "contact", owners, f"{who}'s phone in {report}")
        self.mark(written["address"], "address", owners, f"{who}'s address in {report}")
        # whole: half of it may be what a clock shows
        self.mark(written["safe_call"], "contact", owners, f"{who}'s safe time in {report}")
        return written

    def send(self, report, kind, people, serial):
        own = f"{report}通報"
        body = {"kind": kind, "channel": "agency",
                "reporter": {"role": "police", "unit": self.mark(f"{own}機關甲", "reporter", report, "reporter's agency"),
                             "name": self.mark(f"龐{'屾岦峒崞嵂'[serial]}", "reporter_name", report, "reporter's name"),
                             "phone": self.mark(f"093300030{serial}", "reporter_name", report, "reporter's phone")},
                "incident": {"narrative": self.mark(f"{own}敘述乙", "narrative", report, "narrative"),
                             "address": self.mark(f"基隆市中山區{own}地點路{serial + 31}號", "address", report, "place")},
                "centre_only": self.mark(f"{own}僅供中心丙", "centre_only", report, "only for the centre"),
                "persons": [self.person(report, who, role, serial * 4 + i) for i, (who, role) in enumerate(people)]}
        headers = {"Authorization": "Bearer " + self.city.token, "Content-Type": "application/json",
                   "Idempotency-Key": report}
        status, _, text = self.server.ask("POST", "/reports", json.dumps(body), headers)
        if status not in (200, 201):
            raise SystemExit(f"the report {report} was refused: {status} {text}")
        self.reports[report] = json.loads(text)["number"]
        self.mark(self.reports[report], "existence", report, "number of " + report)

    def recognise(self, report, people):
        """Says who each one is: the registered one, or somebody new."""
        number = self.reports[report]
        for position, (who, _) in enumerate(people, 1):
            same = who in self.numbers
            self.act("screener", f"/reports/{number}/link", position=position, choice="same" if same else "new",
                     **({"person": self.numbers[who]} if same else {}))
            if not same:
                row = self.tables.rows(
                    "SELECT p.id, p.number FROM report_person rp JOIN person p ON p.id = rp.person JOIN report r "
                    "ON r.id = rp.report WHERE r.number = ? AND rp.position = ?", number, position)[0]
                self.persons[who], self.numbers[who] = row
                self.mark(self.numbers[who], "existence", who, f"{who}'s number")

    def extract(self):
        """A register knows two of them by name, born the same day, and says another sex: a person is to settle
        whose the records are. Of the respondent it knows the number: linked."""
        rows = ["資料編號,姓名,身分證號,出生日期,性別,電話,居住地址,狀態"]
        for i, (who, sex) in enumerate((("victim", "男"), ("stranger", "男"), ("respondent", "女"))):
            at = list(PEOPLE).index(who)
            number = self.text_of("respondent's registered number") if who == "respondent" else ""
            phone, address = f"091700040{i}", f"基隆市中正區登錄{'戌亥丑'[i]}街{300 + i}號"
            rows.append(f"W-{i},{PEOPLE[who][0]},{number},0{59 + at}0{at + 1}1{at},{sex},{phone},{address},在案")
            self.mark(phone, "contact", who, f"phone of {who} in a register")
            self.mark(address, "address", who, f"address of {who} in a register")
        path = os.path.join(self.city.folder, "welfare.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(rows) + "\n")
        told = json.loads(self.city.run("import", "--policy", POLICY, "--register", "welfare", path))
        if (told["proposed"], told["linked"]) != (2, 1):
            raise SystemExit(f"the extract was taken otherwise: {told}")
        self.links = [str(link) for link, in self.tables.rows("SELECT id FROM identity_link ORDER BY id")]

    # -- the way ------------------------------------------------------------------------------------

    def dispatch(self, report, more=()):
        number = self.reports[report]
        self.act("screener", f"/reports/{number}/claim")
        lead = self.tables.one("SELECT unit FROM dispatch d JOIN report r ON r.id = d.report WHERE r.number = ? "
                               "AND role = 'lead'", number)
        for unit, in self.tables.rows("SELECT unit FROM dispatch d JOIN report r ON r.id = d.report WHERE r.number = ? "
                                      "AND role = 'co'", number):
            self.act("screener", f"/reports/{number}/edit", unit=unit, remove="1", reason="new_facts")
        for unit, side in more:
            task = self.mark(f"{report}協力任務{chr(0x5b50 + len(self.markers))}", "task", [(report, unit)], f"task of {unit}")
            self.act("screener", f"/reports/{number}/edit", unit=unit, role="co", side=side, reason="new_facts", task=task)
        self.act("screener", f"/reports/{number}/submit",
                 note=self.mark(f"{report}送審說明丁", "narrative", report, "note of the submission"))
        self.act("reviewer", f"/reports/{number}/review", answer="approve")
        return lead

    def take(self, report, unit):
        path = f"/reports/{self.reports[report]}/units/{unit}"
        self.act("supervisor." + unit, path + "/accept")
        self.act("supervisor." + unit, path + "/assign", worker="player.worker." + unit)
        self.act("worker." + unit, path + "/acknowledge")
        return path

    def visit(self, report, unit, who, position, note):
        self.act("worker." + unit, f"/reports/{self.reports[report]}/units/{unit}/work/contact", position=position,
                 form="home", outcome="met", note=self.mark(note, "narrative", who, f"note of a visit to {who}"))

    def serve(self):
        lead = self.dispatch("r1", [(UNITS["respondent"], "respondent"), (UNITS["co"], "protected"),
                                    (UNITS["gave_back"], "protected"), (UNITS["done"], "protected")])
        if lead != UNITS["lead"]:
            raise SystemExit("the lead of r1 is " + lead)
        path = self.take("r1", lead)
        for unit in (UNITS["respondent"], UNITS["co"], UNITS["done"]):
            self.take("r1", unit)
        back = f"/reports/{self.reports['r1']}/units/{UNITS['gave_back']}"
        self.act("supervisor." + UNITS["gave_back"], back + "/return", code="other",
                 note=self.mark("退回說明戊己", "narrative", "r1", "note of a return"))
        self.visit("r1", lead, "victim", 1, "主責訪視庚辛")
        self.visit("r1", UNITS["respondent"], "respondent", 2, "相對人訪視壬癸")
        self.act("worker." + lead, path + "/work/assess", position=1,
                 findings=self.mark("評估所見子丑", "narrative", "victim", "assessment"))
        family = self.act("worker." + lead, path + "/work/decide", issue=1, reason="protection_needed")
        self.act("worker." + UNITS["done"], f"/reports/{self.reports['r1']}/units/{UNITS['done']}/finish")
        self.plan(family, "victim", lead, "目標寅卯", "步驟辰巳", "案中訪視午未")

    def plan(self, family, who, unit, goal, step, note):
        self.numbers["family of " + who] = family.split("/")[-1]
        case = self.tables.one("SELECT number FROM service_case WHERE subject = ?", self.persons[who])
        self.numbers["case of " + who] = case
        self.mark(case, "existence", who, "number of the case")
        self.act("worker." + unit, f"/cases/{case}/goal", goal=self.mark(goal, "plan", who, "goal"),
                 step=self.mark(step, "plan", who, "step"), responsible=unit)
        self.act("worker." + unit, f"/cases/{case}/contact", person=self.numbers[who], form="phone", outcome="met",
                 note=self.mark(note, "narrative", who, "note of a contact of the case"))

    def flood(self):
        """Reports of the public past its limit, of which the last is held back with its marker."""
        for i in range(12):
            last = i == 11
            name, tale = ("尹垚焱", "滯留敘述申酉") if last else ("無名", "無事")
            form = {"kind": "adult_ipv", "step": "check", "go": "send", "reporter.role": "neighbour",
                    "incident.narrative": tale, "persons.0.role": "victim", "persons.0.name": name,
                    "incident.address": "基隆市中正區滯留路91號" if last else ""}
            status, _, _ = self.asker.ask(None, "POST", "/report", form)
            if status != 200:
                raise SystemExit(f"the public form answers {status}")
        for text, field_class in (("滯留敘述申酉", "narrative"), ("尹垚焱", "identity"),
                                  ("基隆市中正區滯留路91號", "address")):
            self.mark(text, field_class, "held", f"{field_class} of a held report")

    def play(self):
        self.register()
        for serial, (report, (kind, people)) in enumerate(PARTS.items()):
            self.send(report, kind, people, serial)
        if not settled(self.city):
            raise SystemExit("the reports were not screened")
        for report, (_, people) in PARTS.items():
            self.recognise(report, people)
        self.extract()
        self.serve()
        self.unit2 = self.dispatch("r2")
        self.take("r2", self.unit2)
        self.flood()
