#!/usr/bin/env python3
"""Fuzzing: every parser's target under libFuzzer with ASan and UBSan, in a build of its own by clang.

Usage: fuzz.py [--seconds N] [NAME...]   each target for N seconds (60) of a processor, from all that is
                                       known so far
       fuzz.py --corpus [NAME...]        the kept corpus alone, in seconds; and the two controls
       fuzz.py --keep [NAME...]          takes into fuzz/corpus what reaches more, and notes the edges

A target's inputs: fuzz/corpus/NAME, which is kept small in the tree; build-fuzz/corpus/NAME, where a
run leaves what it found; and for some the project's own files. fuzz/edges.txt says how many edges of
the program the kept corpus reaches: a target that reaches fewer than nine tenths of them looks at
nothing any more, and that is a failure like a crash. Exit 0 nothing found, 1 something, 3 no build.
"""
import argparse
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build-fuzz")
KEPT = os.path.join(ROOT, "fuzz", "corpus")
EDGES = os.path.join(ROOT, "fuzz", "edges.txt")
LEAST_EDGES = 40        # of any target; the control that looks at nothing stays below
FILE_MOST = 3000        # bytes of a kept input
TARGET_MOST = 5000      # bytes kept of one target
ROUNDS = 20             # how many times its seconds a target may take by the clock
PATIENCE_S = 20         # an input that takes longer, by the clock on the wall, is a finding
SEEDS = {"dmn": ["policy"], "mustache": ["templates"], "yaml": ["policy"]}
TESTDATA = {"tck": "dmn-tck", "json": "json-test-suite", "dmn": "dmn-tck", "mustache": "mustache-spec"}


def targets():
    """Every fuzz/NAME.c."""
    return sorted(name[:-2] for name in os.listdir(os.path.join(ROOT, "fuzz"))
                  if name.endswith(".c"))


def build():
    if not os.path.exists(os.path.join(BUILD, "build.ninja")):
        done = subprocess.run(
            ["meson", "setup", BUILD, "--buildtype=debugoptimized", "-Dtests=false", "-Dfuzz=true",
             "-Db_lundef=false", "-Dwerror=true", "-Db_sanitize=address,undefined"],
            env=dict(os.environ, CC="clang"), cwd=ROOT, check=False, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            print(done.stdout)
            return False
    done = subprocess.run(["ninja", "-C", BUILD, "--quiet"], cwd=ROOT, check=False, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        print(done.stdout[-6000:])
    return done.returncode == 0


class Run:
    """One run of one target: what it printed, as numbers."""

    def __init__(self, name, directories, options, seconds=0):
        self.name = name
        self.artifacts = os.path.join(BUILD, "findings", "")
        os.makedirs(self.artifacts, exist_ok=True)
        command = [os.path.join(BUILD, "fuzz", "fuzz_" + name), "-print_final_stats=1", f"-timeout={PATIENCE_S}",
                   "-rss_limit_mb=3000", "-max_len=16384",
                   f"-artifact_prefix={self.artifacts}{name}-", *options, *directories]
        env = dict(os.environ, ANWANG_SOURCE=ROOT,
                   ASAN_OPTIONS="detect_stack_use_after_return=1:allocator_may_return_null=1",
                   UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        try:
            done = subprocess.run(command, env=env, check=False, timeout=seconds + 600,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            self.code, raw = done.returncode, done.stdout
        except subprocess.TimeoutExpired as late:
            self.code, raw = 124, late.stdout or b""
        except FileNotFoundError:
            self.code, raw = 127, b"the target was not built: fuzz/meson.build does not name it"
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.output = raw.decode("utf-8", "replace")
        self.edges = self.last(r"cov: (\d+)")
        self.features = self.last(r" ft: (\d+)")
        self.execs = self.last(r"stat::number_of_executed_units: *(\d+)")
        self.slowest_s = self.last(r"stat::slowest_unit_time_sec: *(\d+)")

    def last(self, pattern):
        found = re.findall(pattern, self.output)
        return int(found[-1]) if found else 0

    def finding(self):
        """What was wrong, in a line; empty when nothing was."""
        if self.code == 0:
            return ""
        found = re.search(r"(SUMMARY: .*|.*runtime error: .*|ERROR: libFuzzer: .*)", self.output)
        return found.group(1).strip() if found else self.output[-200:] or f"exit code {self.code}"

    def print_end(self):
        for line in self.output.strip().splitlines()[-40:]:
            print("     | " + line)


def extra_seeds(name):
    places = [os.path.join(ROOT, place) for place in SEEDS.get(name, [])]
    if name in TESTDATA and os.environ.get("ANWANG_TESTDATA"):
        places.append(os.path.join(os.environ["ANWANG_TESTDATA"], TESTDATA[name]))
    return [place for place in places if os.path.isdir(place)]


def noted_edges():
    noted = {}
    with open(EDGES, encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                name, number = line.split()
                noted[name] = int(number)
    return noted


def flat(run, noted):
    """Why a run over the kept corpus saw too little; empty when it saw enough."""
    if run.edges < LEAST_EDGES:
        return f"looks at nothing: {run.edges} edges"
    if noted is None:
        return "fuzz/edges.txt does not know it: fuzz.py --keep"
    if run.edges < noted * 0.9:
        return f"sees less than it did: {run.edges} edges of {noted}"
    return ""


def over_corpus(name):
    kept = os.path.join(KEPT, name)
    if not os.path.isdir(kept):
        kept = os.path.join(BUILD, "empty")
        os.makedirs(kept, exist_ok=True)
    return Run(name, [kept], ["-runs=0"])


def check_corpus(names):
    """The seconds-long form: no finding, no flat target, both controls found."""
    noted, wrong = noted_edges(), 0
    for name in names:
        run = over_corpus(name)
        why = run.finding() or flat(run, noted.get(name))
        print(f"{'FAIL' if why else 'ok  '} {name}: {run.execs} inputs, {run.edges} edges {why}")
        if why:
            wrong += 1
            run.print_end()
    fault = Run("control_fault", [], ["-max_total_time=60", "-max_len=64"], 60)
    if "heap-buffer-overflow" not in fault.output or fault.code == 0:
        print("FAIL the planted fault was not found")
        wrong += 1
    blind = Run("control_flat", [], ["-runs=1000"])
    if blind.code != 0 or not flat(blind, 1):
        print("FAIL a target that looks at nothing was not refused")
        wrong += 1
    print(f"{len(names)} targets, planted fault found after {fault.execs} tries, "
          f"flat target refused at {blind.edges} edges; {wrong} wrong")
    return wrong == 0 and len(names) > 0


def run_long(names, seconds):
    """Each target until it had that many seconds of a processor: a busy machine gives it less than the
    clock says, and what did not run found nothing."""
    wrong = 0
    for name in names:
        found = os.path.join(BUILD, "corpus", name)
        os.makedirs(found, exist_ok=True)
        kept = [place for place in [os.path.join(KEPT, name)] if os.path.isdir(place)]
        began, cpu_s, execs, why = time.monotonic(), 0, 0, ""
        while not why and cpu_s < seconds:
            if time.monotonic() - began > ROUNDS * seconds:
                why = f"had {cpu_s:.0f} s of a processor in {ROUNDS * seconds} s: too little to say anything"
                break
            left = max(10, int(seconds - cpu_s))
            run = Run(name, [found, *kept, *extra_seeds(name)],
                      [f"-max_total_time={left}", "-use_value_profile=1"], left)
            cpu_s, execs, why = cpu_s + run.cpu_s, execs + run.execs, run.finding()
        print(f"{'FAIL' if why else 'ok  '} {name}: {cpu_s:.0f} s of a processor in {time.monotonic() - began:.0f} s, "
              f"{execs} execs, {run.edges} edges, {run.features} features, slowest {run.slowest_s} s, "
              f"{len(os.listdir(found))} inputs found {why}", flush=True)
        if why:
            wrong += 1
            run.print_end()
    return wrong == 0 and len(names) > 0


def content(path):
    with open(path, "rb") as file:
        return file.read()


def choose(name, target):
    """Fills target with a small set of inputs that reach what all known ones reach, as far as the
    room goes: the seeds that were written by hand stay, then the smallest."""
    found = os.path.join(BUILD, "corpus", name)
    kept = os.path.join(KEPT, name)
    with tempfile.TemporaryDirectory() as merged:
        Run(name, [merged, *[d for d in (kept, found) if os.path.isdir(d)]],
            ["-merge=1", "-set_cover_merge=1", f"-max_len={FILE_MOST}"], 600)
        inputs = sorted((os.path.getsize(os.path.join(merged, f)), os.path.join(merged, f))
                        for f in os.listdir(merged))
        room, taken = TARGET_MOST, set()
        if os.path.isdir(kept):
            for entry in sorted(os.listdir(kept)):
                if entry.startswith("seed-"):
                    seed = os.path.join(kept, entry)
                    shutil.copy(seed, os.path.join(target, entry))
                    room -= os.path.getsize(seed)
                    taken.add(content(seed))
        for size, path in inputs:
            if 0 < size <= room and content(path) not in taken:
                shutil.copy(path, os.path.join(target, os.path.basename(path)[:12]))
                room -= size


def keep(names):
    noted = noted_edges() if os.path.exists(EDGES) else {}
    for name in names:
        with tempfile.TemporaryDirectory() as chosen:
            choose(name, chosen)
            shutil.rmtree(os.path.join(KEPT, name), ignore_errors=True)
            shutil.copytree(chosen, os.path.join(KEPT, name))
        run = over_corpus(name)
        noted[name] = run.edges
        print(f"{name}: {len(os.listdir(os.path.join(KEPT, name)))} inputs, {run.edges} edges "
              f"{run.finding()}")
    with open(EDGES, "w", encoding="utf-8") as out:
        out.write("# edges of the program that the kept corpus of a target reaches; by fuzz.py --keep\n")
        for name in sorted(noted):
            if name in targets():
                out.write(f"{name} {noted[name]}\n")
    return True


def main():
    parser = argparse.ArgumentParser(description="fuzzing", epilog=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--corpus", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("names", nargs="*", metavar="NAME")
    args = parser.parse_args()
    unknown = [name for name in args.names if name not in targets()]
    if unknown:
        print("no such target: " + " ".join(unknown))
        return 2
    if not build():
        return 3
    names = args.names or targets()
    if args.corpus:
        return 0 if check_corpus(names) else 1
    if args.keep:
        return 0 if keep(names) else 1
    return 0 if run_long(names, args.seconds) else 1


if __name__ == "__main__":
    sys.exit(main())
