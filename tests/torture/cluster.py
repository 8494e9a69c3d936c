"""A private PostgreSQL with the disk's guarantees, to be killed, and a city in it."""
import glob
import os
import signal
import subprocess
import time

from city import City

USER = "postgres"  # postgres refuses to run as root
OPTIONS = ("listen_addresses=", "max_connections=40", "fsync=on")


class Cluster:
    """A private PostgreSQL on a socket in a folder; with `of` a standby of another one."""

    def __init__(self, folder, options=(), of=None):
        self.folder, self.options = folder, OPTIONS + tuple(options)
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
        if not found:
            raise SystemExit("install the package postgresql")
        self.data, self.bin = os.path.join(folder, "data"), found[-1]
        os.makedirs(folder)
        os.chmod(folder, 0o711)
        os.chmod(os.path.dirname(folder), 0o711)
        if os.getuid() == 0:
            subprocess.run(["chown", USER, folder], check=True)
        if of is not None:
            self.run("pg_basebackup", "-D", self.data, "-h", of.folder, "-U", "anwang", "-R", "-X", "stream",
                     "-c", "fast")
            self.start()
            return
        self.run("initdb", "-D", self.data, "-U", "anwang", "-A", "trust", "-E", "UTF8", "--locale=C")
        self.start()
        self.run("createdb", "-h", folder, "-U", "anwang", "anwang")

    def run(self, tool, *words, check=True):
        line = [os.path.join(self.bin, tool), *words]
        if os.getuid() == 0:
            line = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", *line]
        return subprocess.run(line, check=check, cwd="/", stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode

    def start(self):
        words = " ".join(["-k", self.folder] + [f"-c {option}" for option in self.options])
        end = time.monotonic() + 300
        # the killed one's processes must have gone first
        while self.run("pg_ctl", "-D", self.data, "-l", os.path.join(self.data, "log"), "-w", "-s", "-o", words,
                       "start", check=False) != 0:
            if time.monotonic() > end:
                raise SystemExit("PostgreSQL does not start")
            time.sleep(0.2)

    def postmaster(self):
        with open(os.path.join(self.data, "postmaster.pid"), encoding="ascii") as file:
            return int(file.readline())

    def kill(self):
        os.kill(self.postmaster(), signal.SIGKILL)

    def vanish(self):
        """All of its processes at once, as when the machine is gone."""
        master, gone = self.postmaster(), []
        os.kill(master, signal.SIGSTOP)  # it must not start another while they are told
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
                    if int(stat.read().rsplit(")", 1)[1].split()[1]) == master:
                        gone.append(int(pid))
            except OSError:
                pass
        for pid in [*gone, master]:
            os.kill(pid, signal.SIGKILL)

    def promote(self):
        self.run("pg_ctl", "-D", self.data, "-w", "-s", "promote")

    def stop(self):
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "-s", "stop", check=False)


class PgCity(City):
    """A city in a cluster; its key beside. To be made."""

    def __init__(self, folder, cluster):
        super().__init__(folder)
        self.cluster = cluster
        self.url = f"postgresql:///anwang?host={cluster.folder}&user=anwang"

    def asked(self, tool, *words):
        """What one of PostgreSQL's own tools prints of the database."""
        done = subprocess.run([os.path.join(self.cluster.bin, tool), "-h", self.cluster.folder, "-U", "anwang", "-d",
                               "anwang", *words], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode != 0:
            raise SystemExit(done.stderr)
        return done.stdout

    def change(self, statement):
        self.asked("psql", "-q", "-c", statement)

    def rows(self, statement):
        return [tuple(int(cell) if cell.isdigit() else cell for cell in line.split("\x1f"))
                for line in self.asked("psql", "-At", "-F", "\x1f", "-c", statement).splitlines()]
