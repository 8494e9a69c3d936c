"""Asks for what is hidden and for what does not exist, and looks whether the answers differ.

For every route with the number of a person, a report, a family or a case: a viewer who may not see it
asks for one that exists and for one that does not. Status, headers and body have to be the same but for
the number itself; over many such pairs the time must not tell them apart either: the area under the
ROC curve (Mann-Whitney) of the two samples is printed for each route that looks. Controls: somebody
who may see it gets another answer, and a hidden one that takes 0.2 ms longer, on purpose, is found.
"""
import re
import time

import demo_city
from city import Server

MOST = 0.55       # of the area, or 0.45 on the other side
PLANTED = 0.0002  # s
MEMBERS = {"people": "person", "reports": "report", "families": "family_case", "cases": "service_case"}
CHECK = 10


def check_digit(text):
    """ISO 7064 MOD 11,10 over the digits of a public number, as base/id.h says."""
    product = CHECK
    for digit in re.sub(r"\D", "", text):
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def absent_numbers(numbers, count):
    """Numbers of the same day that were never given."""
    head = re.match(r"(\w+-)\d+-\d$", numbers[0])[1]
    made = [f"{head}{n:04d}-" for n in range(9999, 9999 - count, -1)]
    return [text + check_digit(text) for text in made]


def area(one, other):
    """Mann-Whitney: how often a time of `other` is longer than one of `one`; ties count half."""
    ranked = sorted([(t, 0) for t in one] + [(t, 1) for t in other])
    total, i = 0.0, 0
    while i < len(ranked):
        k = i
        while k < len(ranked) and ranked[k][0] == ranked[i][0]:
            k += 1
        total += sum(1 for _, which in ranked[i:k] if which) * (i + 1 + k) / 2
        i = k
    n = len(other)
    return (total - n * (n + 1) / 2) / (n * len(one))


class Asking:
    """One viewer with one connection after another."""

    def __init__(self, server, login, password):
        self.server, self.cookie = server, server.login(login, password)
        _, _, page = server.ask("GET", "/purpose", headers={"Cookie": self.cookie})
        self.csrf = re.search(rb'name="csrf" value="([0-9a-f]+)"', page)[1].decode()

    def ask(self, method, path, number, json=False, form=""):
        """(status, headers, body) without what no two answers share: number, date, reference."""
        headers = {"Cookie": self.cookie}
        if json:
            headers["Accept"] = "application/json"
        body = None
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = f"csrf={self.csrf}&{form}"
        status, got, text = self.server.ask(method, path, body, headers)
        kept = sorted((k, v) for k, v in got.items() if k not in ("Date", "Content-Length"))
        text = re.sub(rb"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", b"REFERENCE", text.replace(number.encode(), b"NUMBER"))
        return status, [(k, v.replace(number, "NUMBER")) for k, v in kept], text


def pairs(city):
    """{kind: (numbers that exist and are hidden, numbers that do not exist)}"""
    found = {}
    for kind, table in MEMBERS.items():
        numbers = [n for n, in city.rows(f"SELECT number FROM {table} WHERE id NOT IN ({demo_city.NEAR[kind]}) "
                                         "ORDER BY number LIMIT 2000")]
        found[kind] = numbers, absent_numbers(numbers, 50)
    return found


def fill(path, number):
    return (path.replace("{number}", number).replace("{unit}", "dv_adult").replace("{index}", "1"))


def compare(asking, routes, numbers, wrong):
    """Every route with a number, as page and as JSON; how many comparisons."""
    count = 0
    for method, path in routes:
        kind = path.split("/")[1]
        if kind not in numbers:
            continue
        hidden, absent = numbers[kind]
        for number in hidden[:3]:
            for json in (False, True):
                there = asking.ask(method, fill(path, number), number, json)
                nobody = asking.ask(method, fill(path, absent[0]), absent[0], json)
                count += 1
                if there != nobody:
                    wrong.append(f"{method} {path}: {there[0]} for one that is hidden, {nobody[0]} for one that "
                                 f"does not exist, {len(there[2])} and {len(nobody[2])} bytes")
    return count


def timed(asking, path, number, longer=0.0):
    headers = {"Cookie": asking.cookie, "Accept": "application/json"}
    start = time.perf_counter()
    asking.server.ask("GET", fill(path, number), None, headers)
    end = time.perf_counter() + longer
    while longer and time.perf_counter() < end:
        pass
    return time.perf_counter() - start


def sample(asking, path, hidden, absent, trials, longer=0.0):
    """Times of absent and hidden ones, in turn, so that whatever else goes on hits both alike."""
    one, other = [], []
    for i in range(trials):
        turns = [(one, absent[i % len(absent)], 0.0), (other, hidden[i % len(hidden)], longer)]
        for times, number, more in turns if i % 2 else turns[::-1]:
            times.append(timed(asking, path, number, more))
    return area(one, other)


def torture(table):
    trials = 300 if table.short else 2000
    city = demo_city.made(table)
    numbers, wrong = pairs(city), []
    with Server(city) as server:
        routes = demo_city.routes(server)
        asking = Asking(server, "stranger", demo_city.PASSWORD)
        count = compare(asking, routes, numbers, wrong)
        sees = Asking(server, "screen", demo_city.PASSWORD)
        control = sum(sees.ask("GET", "/people/" + n, n) != asking.ask("GET", "/people/" + n, n)
                      for n in numbers["people"][0][:20])
        table.row("hidden and absent: answers", count, wrong=wrong, control=control)
        for path in ("/people/{number}", "/reports/{number}", "/families/{number}", "/cases/{number}"):
            hidden, absent = numbers[path.split("/")[1]]
            found = sample(asking, path, hidden, absent, trials)
            planted = sample(asking, path, hidden, absent, trials, PLANTED)
            table.note(f"GET {path}: area {found:.3f} of {trials:,} pairs; with {PLANTED * 1e3} ms planted {planted:.3f}")
            # short samples of a busy machine scatter: three times the standard error of that many pairs
            most = MOST if not table.short else max(MOST, 0.5 + 3 * (1 / (6 * trials)) ** 0.5)
            table.row("hidden and absent: time of " + path, trials,
                      wrong=[] if 1 - most <= found <= most else [f"the area is {found:.3f}"],
                      control=int(planted > most))
