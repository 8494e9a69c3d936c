#!/usr/bin/env python3
"""Anwang behind the proxies of packaging/, exactly as they stand there but for ports and certificates.

Usage: proxy.py [haproxy|nginx ...] [--no-testssl]    exit 0 all held, 1 not, 3 something is not installed

For each proxy, on loopback, with a certificate authority made for this run: testssl.sh finds nothing
but what is explained below; every answer, the proxy's own too, has the security headers once;
requests of two lengths are refused and reach nobody; JSON is what the grammar says; a client's word
about its own address is not believed; logins are slowed by address and locked by account; a stream of
events is handed on as it comes and outlasts its silences. Control: a proxy with old ciphers and no headers
must be found by both, and so must one that cuts a silent reply.
"""
import collections
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "torture"))
from city import ROOT, City, Server, report, sending  # noqa: E402

NAME = "anwang.example"
DATA = os.environ.get("ANWANG_TESTDATA") or os.path.join(os.path.dirname(ROOT), "shared", "data")
FORM = "application/x-www-form-urlencoded"
HEADERS = {
    "content-security-policy": "default-src 'none'", "strict-transport-security": "max-age=63072000",
    "x-content-type-options": "nosniff", "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
    "cache-control": ""}
# what testssl.sh finds whatever the configuration
EXPLAINED = {
    "cert_revocation": "the authority of this run publishes nothing about revoked certificates",
    "HTTP_status_code": "/ leads to the public form",
    "engine_problem": "the openssl that asks has no GOST",
}


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def certificate(folder):
    """Makes an authority and a certificate of it in the folder: ca.pem, city.pem, city.key, both.pem."""
    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    with open(os.path.join(folder, "names"), "w", encoding="ascii") as file:
        file.write(f"subjectAltName=DNS:{NAME}\nbasicConstraints=CA:FALSE\nkeyUsage=digitalSignature\n"
                   "extendedKeyUsage=serverAuth\n")
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key",
            "-out", "ca.pem", "-days", "90", "-subj", "/CN=Authority of one test run")
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "city.key",
            "-out", "city.csr", "-subj", f"/CN={NAME}")
    openssl("x509", "-req", "-in", "city.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "89",
            "-extfile", "names", "-out", "city.pem")
    with open(os.path.join(folder, "both.pem"), "wb") as file:
        for name in ("city.pem", "ca.pem", "city.key"):
            with open(os.path.join(folder, name), "rb") as part:
                file.write(part.read())


def configuration(name):
    with open(os.path.join(ROOT, "packaging", {"haproxy": "haproxy.cfg", "nginx": "nginx.conf"}[name]),
              encoding="utf-8") as file:
        return file.read()


def put(text, *pairs):
    """The text with each of the pairs put in its place; each must be there."""
    for old, new in pairs:
        if old not in text:
            raise SystemExit(f"the example has no {old}")
        text = text.replace(old, new)
    return text


class Proxy:
    """haproxy or nginx with the example's configuration, before a server."""

    def __init__(self, name, text, folder, backend):
        self.port = free_port()
        path = os.path.join(folder, name + ".conf")
        if name == "haproxy":
            text = put(text, ("bind :443", f"bind 127.0.0.1:{self.port}"), ("127.0.0.1:8080", f"127.0.0.1:{backend}"),
                       ("/etc/haproxy/city.pem", os.path.join(folder, "both.pem")))
            line = ["haproxy", "-db", "-f", path]
        else:
            text = put(text, ("listen 443", f"listen 127.0.0.1:{self.port}"), ("127.0.0.1:8080", f"127.0.0.1:{backend}"),
                       ("/etc/nginx/", folder + "/"))
            # its workers may not write below the folder: a body or a page that went to the disk would be a 500
            text = (f"daemon off;\nworker_processes 1;\npid {folder}/nginx.pid;\nerror_log stderr;\nevents {{}}\n"
                    f"http {{\naccess_log {folder}/access.log;\nclient_body_temp_path {folder}/bodies;\n"
                    f"proxy_temp_path {folder}/proxied;\nfastcgi_temp_path {folder}/f;\nuwsgi_temp_path {folder}/u;\n"
                    f"scgi_temp_path {folder}/s;\n{text}}}\n")
            line = ["nginx", "-e", "stderr", "-p", folder, "-c", path]
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        self.process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.trust = ssl.create_default_context(cafile=os.path.join(folder, "ca.pem"))
        for _ in range(100):
            try:
                self.open().close()
                return
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit(f"{name} did not start: {self.process.stderr.read()}") from None
                time.sleep(0.1)
        raise SystemExit(f"{name} does not listen")

    def open(self, timeout=20):
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=timeout)
        return self.trust.wrap_socket(plain, server_hostname=NAME)

    def raw(self, request, timeout=20):
        """Everything that comes back to these bytes until the peer closes, or is silent for so long."""
        with self.open(timeout) as one:
            data = b""
            try:
                one.sendall(request)
                while piece := one.recv(65536):
                    data += piece
            except OSError:
                pass
            return data

    def ask(self, method, path, body=b"", kind=None, more=()):
        """(status, [(name, value)], body) of one request on a connection of its own."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {NAME}", "Connection: close", *more]
        if kind:
            lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        return taken_apart(self.raw("\r\n".join(lines).encode() + b"\r\n\r\n" + body))

    def end(self):
        self.process.terminate()
        self.process.communicate(timeout=20)


def taken_apart(data):
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    found = re.match(r"HTTP/1\.[01] (\d{3})", lines[0])
    fields = [tuple(part.strip() for part in line.split(":", 1)) for line in lines[1:] if ":" in line]
    return int(found[1]) if found else 0, [(name.lower(), value) for name, value in fields], body


def lacking(fields):
    """What is wrong with the headers of an answer, in words."""
    counts = collections.Counter(name for name, _ in fields)
    values = dict(fields)
    wrong = [f"{name} {counts[name]} times" for name in HEADERS if counts[name] != 1]
    wrong += [f"{name}: {values[name]}" for name, start in HEADERS.items()
              if counts[name] == 1 and not values[name].startswith(start)]
    return wrong + [f"server: {values['server']}" for _ in [0] if re.search(r"\d", values.get("server", ""))]


def headers(proxy, city):
    """(answers seen by status, what is wrong): every kind of answer that can be had from outside."""
    token = f"Authorization: Bearer {city.token}"
    asks = [("GET", "/login"), ("GET", "/report"), ("GET", "/work"), ("GET", "/nowhere"), ("GET", "/openapi.json"),
            ("HEAD", "/login"), ("PUT", "/login", b"", None), ("POST", "/login", b"login=a&password=b", FORM),
            ("POST", "/reports", b"{}", "application/json"), ("POST", "/reports", b"{", "application/json", [token]),
            ("POST", "/reports", b"{}", "application/json", [token]), ("POST", "/report", b"a=%zz", FORM),
            ("POST", "/report", b"a", "text/plain"), ("POST", "/report", b"a" * ((1 << 20) + 1), FORM),
            ("GET", "/" + "a" * 7000), ("GET", "/", b"", None, ["X-A: " + "b" * 12000]),
            ("GET", "/", b"", None, ["X-B: a"] * 98)]
    seen, wrong = collections.Counter(), []
    for ask in asks:
        status, fields, _ = proxy.ask(*ask)
        seen[status] += 1
        if status == 0 or lacking(fields):
            wrong.append(f"{ask[0]} {ask[1][:30]}: {status} {'; '.join(lacking(fields))}")
    return seen, wrong


def smuggling(proxy):
    """What is wrong with the answers to requests of two lengths. Either they are refused, or proxy and program
    read them alike: what stands behind is a request of its own, and nobody else gets its answer."""
    behind = f"GET /nowhere-smuggled HTTP/1.1\r\nHost: {NAME}\r\n\r\n"
    start = f"POST /login HTTP/1.1\r\nHost: {NAME}\r\nContent-Type: {FORM}\r\n"
    cases = {
        "length and coding": start + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + behind,
        "coding and length": start + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n1\r\na\r\n0\r\n\r\n" + behind,
        "two lengths": start + "Content-Length: 0\r\nContent-Length: 60\r\n\r\n" + behind,
        "a list of lengths": start + "Content-Length: 0, 60\r\n\r\n" + behind,
        "a coding in disguise": start + "Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + behind,
        "an unknown coding": start + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + behind,
    }
    wrong = []
    for name, text in cases.items():
        statuses = [int(found) for found in re.findall(rb"HTTP/1\.[01] ([0-9]{3})", proxy.raw(text.encode(), 3))]
        print(f"  {name}: {statuses}")
        if statuses not in ([400], [501]) and not ("and" in name and statuses in ([403], [403, 404])):
            wrong.append(f"{name}: {statuses}")
        for _ in range(8):  # on connections to the program that were used before
            status, _, body = proxy.ask("GET", "/healthz")
            if status != 200 or body != b'{"ok":true}':
                wrong.append(f"{name}: somebody else got {status} {body[:60]!r}")
    return wrong


def grammar(proxy, city):
    """(accepted, refused, what is wrong) of the public JSON cases."""
    folder = os.path.join(DATA, "json-test-suite", "test_parsing")
    counts, wrong = collections.Counter(), []
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            text = file.read()
        if not text or name[0] == "i":
            continue
        status, _, body = proxy.ask("POST", "/reports", text, "application/json",
                                    [f"Authorization: Bearer {city.token}"])
        syntax = b"urn:anwang:problem:syntax" in body
        counts[name[0]] += 1
        if (name[0] == "y" and (status not in (400, 422) or syntax)) or (name[0] == "n" and status != 400):
            wrong.append(f"{name}: {status}")
    return counts["y"], counts["n"], wrong


def took(proxy, city, key):
    """What is wrong when a report is sent."""
    status, _, body = proxy.ask("POST", "/reports", report(key).encode(), "application/json",
                                [f"{name}: {value}" for name, value in sending(city.token, key).items()
                                 if name != "Content-Type"])
    return [] if status in (200, 201) and b"number" in body else [f"a report was not taken: {status}"]


def until(one, data, word, seconds):
    """What came, with what came before, until a word does, or for so long; None instead when it was cut."""
    end = time.monotonic() + seconds
    while word not in data and time.monotonic() < end:
        one.settimeout(max(0.1, end - time.monotonic()))
        try:
            piece = one.recv(4096)
        except TimeoutError:
            break
        if not piece:
            return None
        data += piece
    return data


def events(proxy, city, login, password, key):
    """What is wrong with a stream: an event comes at once, and a silence of a beat (20 s) ends nothing."""
    _, fields, _ = proxy.ask("POST", "/login", f"login={login}&password={password.replace(' ', '+')}".encode(), FORM)
    cookie = dict(fields).get("set-cookie", "").split(";")[0]
    with proxy.open() as one:
        one.sendall(f"GET /events HTTP/1.1\r\nHost: {NAME}\r\nCookie: {cookie}\r\n\r\n".encode())
        data = until(one, b"", b"retry:", 5)
        if data is None or b"retry:" not in data:
            return [f"a stream does not begin: {data!r}"]
        start = time.monotonic()
        wrong = took(proxy, city, key)
        data = until(one, data, b"event: board", 5)
        if data is None or b"event: board" not in data:
            return wrong + ["an event is kept back"]
        late = time.monotonic() - start
        data = until(one, b"", b"\n:\n", 45)
        if data is None or b":\n" not in data:
            return wrong + ["a silent stream is cut"]
        print(f"  an event after {late:.2f} s, a beat {time.monotonic() - start - late:.0f} s behind it")
        return wrong


def logins(proxy, server, city):
    """What is wrong with the limits of the login behind a proxy. Forged addresses are not believed."""
    login, password = city.account("behind", "screener", "centre")
    wrong = []

    def to_proxy(i, login="nobody", password="guess+guess+guess"):
        return proxy.ask("POST", "/login", f"login={login}&password={password}".encode(), FORM,
                         [f"X-Forwarded-For: 198.51.100.{i}"])[0]

    def beside_it(i):
        return server.ask("POST", "/login", "login=nobody&password=guess+guess+guess",
                          {"Content-Type": FORM, "X-Forwarded-For": f"203.0.113.{i}"})[0]

    if any(to_proxy(i, login) != 403 for i in range(3)):
        wrong.append("a wrong password was not refused")
    if to_proxy(4, login, password.replace(" ", "+")) != 403:
        wrong.append("three failures did not lock the account")
    if 429 not in [to_proxy(i) for i in range(60)]:
        wrong.append("somebody who writes another address each time may guess on")
    if 429 in [beside_it(i) for i in range(25)]:
        wrong.append("the control: a proxy's own word about addresses was not believed")
    return wrong


def findings(port, folder, *words):
    """{id: (severity, finding)} of what testssl.sh does not call good; words choose some of its tests."""
    path = os.path.join(folder, f"testssl-{port}.json")
    tool = shutil.which("testssl") or shutil.which("testssl.sh")
    done = subprocess.run([tool, "--quiet", "--color", "0", "--warnings", "off", "-n", "none", "--ip", "127.0.0.1",
                           "--add-ca", os.path.join(folder, "ca.pem"), "--jsonfile", path, *words, f"{NAME}:{port}"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
                          timeout=900, cwd=folder)
    if not os.path.exists(path):
        raise SystemExit("testssl.sh wrote nothing: " + done.stdout[-2000:])
    with open(path, encoding="utf-8") as file:
        rows = json.load(file)
    if len(rows) < (5 if words else 100):
        raise SystemExit(f"testssl.sh saw little: {len(rows)} rows\n" + done.stdout[-2000:])
    print(f"  testssl.sh: {len(rows)} findings, {sum(row['severity'] == 'OK' for row in rows)} of them good")
    return {row["id"]: (row["severity"], row["finding"]) for row in rows if row["severity"] not in ("OK", "INFO")}


def spoiled(name, text):
    """The example as one should not write it."""
    if name == "haproxy":
        text = re.sub(r"ssl-default-bind-ciphers .*", "ssl-default-bind-ciphers AES128-SHA:AES256-SHA:ECDHE-ECDSA-AES128-SHA",
                      text.replace("timeout server 60s", "timeout server 4s"))
        return re.sub(r"\thttp-after-response .*\n", "", text)
    text = re.sub(r"ssl_ciphers .*", "ssl_ciphers AES128-SHA:AES256-SHA:ECDHE-ECDSA-AES128-SHA;", text)
    return re.sub(r"\tadd_header .*\n", "", text.replace("proxy_read_timeout 60s", "proxy_read_timeout 4s"))


def by_itself(name, text, folder):
    """The headers of what a proxy answers when the program is not there."""
    proxy = Proxy(name, text, folder, free_port())
    try:
        status, fields, _ = proxy.ask("GET", "/login")
        return [f"{status} instead of 502 or 503"] if status not in (502, 503) else lacking(fields)
    finally:
        proxy.end()


def control(name, folder, backend, city, listener, with_testssl):
    """What is wrong when a bad configuration is not found bad."""
    bad, wrong = spoiled(name, configuration(name)), []
    if not by_itself(name, bad, folder):
        wrong.append("the control: an answer without headers was not found")
    proxy = Proxy(name, bad, folder, backend)
    try:
        found = events(proxy, city, *listener, "control-" + name)
        if found != ["a silent stream is cut"]:
            wrong.append(f"the control: a stream that is cut was not found: {found}")
    finally:
        proxy.end()
    if with_testssl:
        proxy = Proxy(name, bad, folder, backend)
        try:
            if not {key.split(" ")[0] for key in findings(proxy.port, folder, "-s", "-L")} - set(EXPLAINED):
                wrong.append("the control: old ciphers were not found")
        finally:
            proxy.end()
    return wrong


def tried(name, folder, server, city, with_testssl):
    """What is wrong with one proxy, in words."""
    proxy, listener = Proxy(name, configuration(name), folder, server.port), city.account("listens", "screener", "centre")
    try:
        wrong = took(proxy, city, "proxy-" + name) + events(proxy, city, *listener, "event-" + name)
        seen, bad = headers(proxy, city)
        print(f"  answers with the headers: {dict(sorted(seen.items()))}")
        wrong += bad + smuggling(proxy)
        accepted, refused, bad = grammar(proxy, city)
        print(f"  JSON: {accepted} accepted, {refused} refused")
        wrong += bad
        if with_testssl:
            for key, (severity, finding) in sorted(findings(proxy.port, folder).items()):
                why = EXPLAINED.get(key.split(" ")[0])
                print(f"  {severity} {key}: {finding} -- {why or 'NOT EXPLAINED'}")
                if why is None:
                    wrong.append(f"testssl.sh: {severity} {key}: {finding}")
        wrong += logins(proxy, server, city)  # the last: it leaves the address slowed
    finally:
        proxy.end()
    wrong += ["without the program: " + words for words in by_itself(name, configuration(name), folder)]
    return wrong + control(name, folder, server.port, city, listener, with_testssl)


def main():
    with_testssl = "--no-testssl" not in sys.argv
    names = [word for word in sys.argv[1:] if not word.startswith("--")] or ["haproxy", "nginx"]
    missing = [name for name in names if not shutil.which(name)]
    if with_testssl and not (shutil.which("testssl") or shutil.which("testssl.sh")):
        missing.append("testssl.sh")
    if missing:
        print("not installed: " + ", ".join(missing), file=sys.stderr)
        return 3
    bad = 0
    for name in names:
        folder = tempfile.mkdtemp(prefix="anwang-proxy-")
        try:
            certificate(folder)
            city = City.made(os.path.join(folder, "city"))
            with Server(city, words=["--behind-proxy"]) as server:
                print(name, flush=True)
                wrong = tried(name, folder, server, city, with_testssl)
            for words in wrong:
                print("  WRONG: " + words)
            bad += len(wrong)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{len(names)} proxies, {bad} wrong")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
