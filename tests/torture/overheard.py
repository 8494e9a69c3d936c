"""Plants 1,000 secrets and looks for them in everything that the program leaves behind.

250 made-up people with a name, a number, a telephone and an address go in by every door: the systems'
interface, the agencies' form, the public form, an extract of a register. They are screened, looked
at, searched for and typed wrongly; a backup is written; the server is killed so that it would leave a
core. Then every file is read for each secret as UTF-8, UTF-16 (both ways), Big5, hexadecimal, base64
at its three places, \\u escapes and URL encoding. The control is the same program with sealing
switched off (plain.c): all 1,000 have to be found. Another kills a program that may leave a core.

The same on PostgreSQL, which is told to write down every statement with its parameters and its plan, to
have little memory, and to refuse what the program asks of it: what it says of a row that it did not
take stands in its log. Read are its tables, its write-ahead log, its own log, and what pg_dump writes.
In the control the program's word that parameters are not written down is kept from it (careless.c).
"""
import base64
import csv
import ctypes
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import time
import urllib.parse

from city import ANWANG, City, POLICY, Server, sending, settled, shim
from cluster import Cluster, PgCity

PEOPLE = 250
LETTERS = {letter: value for value, letter in enumerate("ABCDEFGHJKLMNPQRSTUVXYWZIO", 10)}
RARE = "璿璨瓊瑄瑋珮琬琦琇玟昕昀曦晞暘旻蓁蓉芷苡茜荃萱蒨霈霖霏雯靄湘沄沅洧涵淇渝渟湄溱澐瀅煒煜熙燁榕棠楷樺"
CORE = 8  # bytes that a needle has at least, and is found by


def number_of(random_):
    """A number that was never given out: its second place is 5 or 6."""
    letter, rest = random_.choice(list(LETTERS)), random_.choice("56") + "".join(random_.choices("0123456789", k=7))
    digits = [LETTERS[letter] // 10, LETTERS[letter] % 10] + [int(d) for d in rest]
    total = sum(d * w for d, w in zip(digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1)))
    return letter + rest + str(-total % 10)


class Person:
    def __init__(self, random_):
        self.name = random_.choice("黃趙吳徐朱") + "".join(random_.sample(RARE, 3))
        self.number = number_of(random_)
        self.phone = "09" + "".join(random_.choices("0123456789", k=8))
        self.address = "基隆市仁愛區" + "".join(random_.sample(RARE, 3)) + f"路{random_.randint(100, 999)}號"

    def secrets(self):
        """What is looked for: of a telephone without its 0, of an address from its street on."""
        return [self.name, self.number, self.phone[1:], self.address[6:]]


def shapes(secret):
    """Every form in which a secret could lie about."""
    raw = secret.encode()
    found = {"utf-8": raw, "utf-16le": secret.encode("utf-16-le"), "utf-16be": secret.encode("utf-16-be"),
             "hex": raw.hex().encode(), "HEX": raw.hex().upper().encode(),
             "url": urllib.parse.quote(secret, safe="").encode(),
             "url lower": re.sub(r"%..", lambda m: m[0].lower(), urllib.parse.quote(secret, safe="")).encode()}
    try:
        found["big5"] = secret.encode("big5")
    except UnicodeEncodeError:
        pass
    escaped = json.dumps(secret)[1:-1]
    if escaped != secret:
        found["\\u"] = escaped.encode()
        found["\\U"] = re.sub(r"\\u(....)", lambda m: "\\u" + m[1].upper(), escaped).encode()
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + raw)
        # what the neighbours do not change
        found[f"base64 +{shift}"] = text[-(-shift * 8 // 6):len(text) // 4 * 4 - (4 if text.endswith(b"=") else 0)]
    return {name: needle for name, needle in found.items() if len(needle) >= CORE}


class Seeker:
    """Looks for many needles at once, by their first bytes."""

    BITS, ROOM = 1 << 24, 1 << 16

    def __init__(self, secrets):
        self.by_start, self.bits = {}, ctypes.create_string_buffer(self.BITS // 8)
        self.library, self.places = ctypes.CDLL(shim("seek")), (ctypes.c_uint64 * self.ROOM)()
        self.library.seek_some.restype = ctypes.c_size_t
        for index, secret in enumerate(secrets):
            for name, needle in shapes(secret).items():
                self.by_start.setdefault(needle[:CORE], []).append((needle, name, index))
                self.library.seek_add(self.bits, needle[:CORE])

    def seek(self, data):
        """{index: name of the shape} of what stands in the data."""
        found, starts, at = {}, self.by_start, ctypes.c_size_t(0)
        while at.value < len(data):
            count = self.library.seek_some(data, ctypes.c_size_t(len(data)), self.bits, ctypes.byref(at), self.places,
                                           ctypes.c_size_t(self.ROOM))
            for place in self.places[:count]:
                for needle, name, index in starts.get(data[place:place + CORE], ()):
                    if data.startswith(needle, place):
                        found.setdefault(index, name)
        return found

    def proven(self, secrets):
        """Each shape of some secrets, among noise, is found: the seeker is not blind."""
        noise = random.Random(1)
        for index in range(0, len(secrets), 37):
            for name, needle in shapes(secrets[index]).items():
                if index not in self.seek(noise.randbytes(64) + needle + noise.randbytes(64)):
                    raise SystemExit(f"the seeker does not see {name} of secret {index}")
            raw = secrets[index].encode()
            for shift in range(3):
                if index not in self.seek(base64.b64encode(noise.randbytes(30 + shift) + raw + noise.randbytes(31))):
                    raise SystemExit(f"the seeker does not see base64 of secret {index} at {shift}")


def reported(one, other, third):
    """A report about two people by a third, whose number and address stand in the narrative."""
    return json.dumps({
        "kind": "adult_ipv", "channel": "police",
        "reporter": {"role": "police", "unit": "試驗", "name": third.name, "phone": third.phone},
        "incident": {"narrative": f"她說他是{third.number}，住{third.address}", "address": one.address},
        "persons": [{"role": "victim", "name": one.name, "sex": "F", "national_id": one.number, "phone": one.phone,
                     "address": one.address},
                    {"role": "respondent", "name": other.name, "relation": "spouse", "national_id": other.number,
                     "phone": other.phone, "address": other.address}]})


def by_system(server, city, people, wrong):
    """By the systems' interface: three people a report."""
    for i in range(0, len(people) - 2, 3):
        status, _, _ = server.ask("POST", "/reports", reported(*people[i:i + 3]), sending(city.token, f"o-{i}"))
        if status not in (200, 201):
            wrong.append(f"a report of a system was refused: {status}")


def form(person, **more):
    return urllib.parse.urlencode({
        "kind": "adult_ipv", "step": "check", "go": "send", "persons.0.role": "victim", "persons.0.name": person.name,
        "persons.0.national_id": person.number, "persons.0.phone": person.phone, "persons.0.sex": "F",
        "persons.0.address": person.address, "incident.narrative": "鄰居聽見爭吵", "incident.address": person.address,
        "reporter.role": "police", "reporter.name": person.name, "reporter.phone": person.phone, **more})


TYPE = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "zh-TW"}


def by_forms(server, people, session, wrong):
    cookie, csrf = session
    for i, person in enumerate(people):
        own = i >= 8  # the public may send a few a minute
        path, headers = ("/reports/new", {**TYPE, "Cookie": cookie}) if own else ("/report", TYPE)
        status, _, body = server.ask("POST", path, form(person, csrf=csrf) if own else form(person), headers)
        if status != 200 or b"C1" not in body:
            wrong.append(f"a form was refused: {path} {status}")


def by_extract(city, people, folder, wrong, **more):
    path = os.path.join(folder, "extract.csv")
    with open(path, "w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(["資料編號", "資料日期", "姓名", "身分證號", "出生日期", "性別", "居住地址", "電話", "狀態", "起日"])
        for i, person in enumerate(people):
            rows.writerow([f"V{i}", "110/12/05", person.name, person.number, "075/03/02", "女", person.address,
                           person.phone, "在案", "110/11/01"])
    done = city.command("import", "--policy", POLICY, "--register", "vulnerable", path, **more)
    os.unlink(path)
    if done.returncode != 0:
        wrong.append("the extract was refused: " + done.stderr)
    return done.stdout + done.stderr


def session_of(server, login, password):
    cookie = server.login(login, password)
    return cookie, server.form_token(cookie)


def use(server, people, session, wrong):
    """Looks at reports, searches, and types what is refused."""
    headers = {"Cookie": session[0]}
    _, _, page = server.ask("GET", "/reports", headers=headers)
    for number in set(re.findall(rb"/reports/(RC[0-9-]+)", page)):
        server.ask("GET", "/reports/" + number.decode(), headers=headers)
    for person in people[::25]:
        for typed in (person.name, person.number, person.phone):
            status = server.search(*session, typed)
            if status != 200:
                wrong.append(f"a search was refused: {status}")
        server.ask("GET", "/people/" + urllib.parse.quote(person.name), headers=headers)
        server.ask("POST", "/reports", json.dumps({"kind": person.name, "persons": [{"name": person.name}]}),
                   sending(server.city.token, person.number))
        server.ask("POST", "/login", urllib.parse.urlencode({"login": person.number, "password": person.phone}), TYPE)
        server.ask("GET", "/status?number=" + urllib.parse.quote(person.number), headers=TYPE)
        server.ask("BREW", "/" + urllib.parse.quote(person.address), headers=headers)


def dumps_core(line, **more):
    """Kills a program so that it would leave a core: did it?"""
    def may():
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    process = subprocess.Popen(line, preexec_fn=may, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **more)
    end = time.monotonic() + 30
    while time.monotonic() < end and b"http://" not in (said := process.stderr.readline()) and said:
        pass
    os.kill(process.pid, signal.SIGABRT)
    _, status = os.waitpid(process.pid, 0)
    process.returncode = -signal.SIGABRT
    process.stderr.close()
    return os.WCOREDUMP(status)


def files(folders):
    for folder in folders:
        for at, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(at, name)
                try:
                    with open(path, "rb") as file:
                        yield os.path.relpath(path, os.path.dirname(folder)), file.read()
                except OSError:
                    pass  # a socket, or gone meanwhile


def leaves_no_core(city):
    """What is wrong with that, in words."""
    wrong, line = [], [ANWANG, "serve", "--db", city.url, "--policy", POLICY, "--listen", "127.0.0.1:0"]
    if dumps_core(line, env=city.environment(), cwd=city.folder):
        wrong.append("the server left a core")
    if not dumps_core([sys.executable, "-c", "import sys, time; print('http://', file=sys.stderr, flush=True);"
                                             "time.sleep(60)"], cwd=city.folder):
        wrong.append("the control left no core: nothing was tried")
    for name, data in files([city.folder]):
        if os.path.basename(name).startswith("core") and b"sys.executable" not in data:
            os.unlink(os.path.join(os.path.dirname(city.folder), name))
    return wrong


class Disk:
    """A city in a file."""

    CONTROL = ("plain",)

    def __init__(self, table):
        self.city = City(table.place(fast=True))
        self.folders = [self.city.folder]

    def provoke(self, server, people, wrong, control):
        pass

    def dumped(self):
        return ""

    def close(self):
        pass


class Database:
    """A city in a PostgreSQL that tells all it knows."""

    TELLS = ("log_statement=all", "log_min_duration_statement=0", "log_error_verbosity=verbose", "log_lock_waits=on",
             "log_parameter_max_length_on_error=-1", "log_temp_files=0", "work_mem=64kB",
             "session_preload_libraries=auto_explain", "auto_explain.log_min_duration=0")
    REFUSED = ("report", "report_person", "issue")
    CONTROL = ("plain", "careless")

    def __init__(self, table):
        self.cluster = Cluster(table.place(fast=True), self.TELLS)
        self.city = PgCity(table.place(fast=True), self.cluster)
        self.folders = [self.city.folder, self.cluster.folder]

    def provoke(self, server, people, wrong, control):
        """Rows that are refused: "Failing row contains" all of it."""
        for name in self.REFUSED:
            self.city.change(f"ALTER TABLE {name} ADD CONSTRAINT provoked CHECK (false) NOT VALID")
            for i in range(0, len(people) - 2, 3):
                status, _, _ = server.ask("POST", "/reports", reported(*people[i:i + 3]),
                                          sending(self.city.token, f"{name}-{i}"))
                if status < 400:
                    wrong.append(f"a row of {name} was to be refused: {status}")
            self.city.change(f"ALTER TABLE {name} DROP CONSTRAINT provoked")
        with open(os.path.join(self.cluster.data, "log"), encoding="utf-8", errors="replace") as log:
            said = log.read()
        for words in ("Failing row contains", "duration:", *(("parameters: $1", "Query Text:") if control else ())):
            if words not in said:
                wrong.append(f"PostgreSQL's log does not say {words}: nothing was tried")

    def dumped(self):
        return self.city.asked("pg_dump")

    def close(self):
        self.cluster.stop()


def run(place, secrets, people, seeker, preload=None):
    """One whole run: {file: {index: shape}} of what was found, what went wrong, and the bytes read."""
    wrong, more, city = [], {"LD_PRELOAD": preload} if preload else {}, place.city
    city.make(**more)
    city.account("screen", "screener", "centre")
    # only a demonstration takes numbers that were never given out
    city.change("INSERT INTO setting (name, value) VALUES ('demo', '1')")
    outside = os.path.dirname(city.folder)
    third = len(people) // 3 * 3 - 60 - 60
    said = by_extract(city, people[third:third + 60], outside, wrong, **more)
    with Server(city, preload=preload) as server:
        session = session_of(server, "screen", "torture and nothing else")
        by_system(server, city, people[:third], wrong)
        by_forms(server, people[third + 60:], session, wrong)
        if not settled(city):
            wrong.append("the reports were not screened in time")
        use(server, people, session, wrong)
        place.provoke(server, people[:third], wrong, preload is not None)
        seen = {"beside the server: " + name: seeker.seek(data) for name, data in files(place.folders)}
        server.stop()
        said += "\n".join(server.said)
    said += city.run("audit", "export", **more) + place.dumped()
    done = city.command("backup", os.path.join(city.folder, "city.backup"), **more)
    if done.returncode != 0:
        wrong.append("the backup was refused: " + done.stderr)
    said += done.stdout + done.stderr
    size = 0
    for name, data in files(place.folders):
        seen[name] = seeker.seek(data)
        size += len(data)
    seen["what the program said"] = seeker.seek(said.encode())
    if not preload:
        wrong += leaves_no_core(city)
    return seen, wrong, size


def engine(table, kind, what, people, secrets, seeker):
    """A row of the table: what one engine's files tell, and what they tell with sealing off."""
    ran = []
    for preload in (None, " ".join(map(shim, kind.CONTROL))):
        place = kind(table)
        try:
            ran.append(run(place, secrets, people, seeker, preload))
        finally:
            place.close()
    (seen, wrong, size), (plain, faults, _) = ran
    wrong += [f"{len(found)} secrets in {name}, the first as {sorted(found.items())[0][1]}"
              for name, found in seen.items() if found]
    overheard = set().union(*seen.values())
    found = set().union(*plain.values())
    if len(found) < len(secrets):
        wrong.append(f"with sealing off {len(secrets) - len(found)} of {len(secrets)} were not found, such as "
                     f"{secrets[min(set(range(len(secrets))) - found)]}")
    wrong += ["with sealing off: " + fault for fault in faults]
    where = sorted(((len(there), name) for name, there in plain.items() if there), reverse=True)
    table.note(f"{len(secrets):,} secrets looked for in {len(seen)} files and outputs, {size:,} bytes")
    table.note("with sealing off: " + ", ".join(f"{count} in {name}" for count, name in where[:8]))
    table.row(what, len(secrets), lost=len(overheard), wrong=wrong, control=len(found))


def torture(table):
    random_ = random.Random(4711)
    people = [Person(random_) for _ in range(PEOPLE)]
    secrets = [secret for person in people for secret in person.secrets()]
    seeker = Seeker(secrets)
    seeker.proven(secrets)
    engine(table, Disk, "secrets overheard", people, secrets, seeker)
    engine(table, Database, "secrets overheard on PostgreSQL", people, secrets, seeker)
