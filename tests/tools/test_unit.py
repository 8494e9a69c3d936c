#!/usr/bin/env python3
"""The systemd unit: its exposure, as systemd itself counts it, is at most 1.2.

Usage: test_unit.py    exit 0 it is (or there is no systemd-analyze to ask, which is said), 1 it is not
Control: the same unit without a part of what it takes away must be found more exposed.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

UNIT = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))),
                    "packaging", "anwang.service")
MOST = 1.2


def exposure(path):
    """(exposure, what it warned of)"""
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", path], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=dict(os.environ, LC_ALL="C.UTF-8"))
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
    if not found:
        raise SystemExit("systemd-analyze said no exposure:\n" + done.stdout)
    return float(found[1]), [line for line in done.stdout.splitlines() if "ignoring" in line]


def main():
    if shutil.which("systemd-analyze") is None:
        print("not looked at: there is no systemd-analyze")
        return 0
    level, warnings = exposure(UNIT)
    print(f"exposure {level}, at most {MOST}")
    for line in warnings:
        print(line)
    with open(UNIT) as file:
        weaker = re.sub(r"^(SystemCallFilter|CapabilityBoundingSet|ProtectSystem|PrivateUsers)=.*\n", "",
                        file.read(), flags=re.M)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "anwang.service")
        with open(path, "w") as file:
            file.write(weaker)
        control, _ = exposure(path)
    print(f"control: {control} without its filter, capabilities, read-only system and users")
    return 0 if level <= MOST and not warnings and control > MOST else 1


if __name__ == "__main__":
    sys.exit(main())
