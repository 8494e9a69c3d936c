#!/usr/bin/env python3
"""tools/check_pages.py fails where it should: each planted mistake is found, and named.

Usage: check_pages_test.py ROOT
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = sys.argv[1]


def run(root):
    tool = os.path.join(ROOT, "tools/check_pages.py")
    done = subprocess.run([sys.executable, tool, root], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def append(path, text):
    with open(path, "a", encoding="utf-8") as file:
        file.write(text)


def replace(path, old, new):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    assert old in text, f"{old} is not in {path}"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(old, new))


def add_message(root, key):
    for language in ("en", "zh-Hant-TW"):
        path = os.path.join(root, f"messages/{language}.json")
        with open(path, encoding="utf-8") as file:
            catalog = json.load(file)
        catalog[key] = "x"
        with open(path, "w", encoding="utf-8") as file:
            json.dump(catalog, file)


TEMPLATE = "templates/layout/bare.mustache"
CSS = "assets/anwang.css"
PLANTED = [
    ("text in a template", lambda root: append(os.path.join(root, TEMPLATE), "基隆")),
    ("raw output", lambda root: append(os.path.join(root, TEMPLATE), "{{{x}}}")),
    ("raw output", lambda root: append(os.path.join(root, TEMPLATE), "{{& x}}")),
    ("has no raw output", lambda root: append(os.path.join(root, "templates/raw.txt"), "layout/bare\n")),
    ("a style attribute", lambda root: append(os.path.join(root, TEMPLATE), "<p style=\"x\">")),
    ("an event attribute", lambda root: append(os.path.join(root, TEMPLATE), "<p onclick=\"x\">")),
    ("an inline script", lambda root: append(os.path.join(root, TEMPLATE), "<script>x</script>")),
    ("from outside", lambda root: append(os.path.join(root, TEMPLATE), "<img src=\"https://e.org/\">")),
    ("no message \"a.b\"", lambda root: append(os.path.join(root, TEMPLATE), "{{#t}}a.b{{/t}}")),
    ("no icon \"nose\"", lambda root: append(os.path.join(root, TEMPLATE), "{{#icon}}nose{{/icon}}")),
    ("used nowhere", lambda root: add_message(root, "nobody.says.this")),
    ("--ink on --paper", lambda root: replace(os.path.join(root, CSS), "--ink: #17201c", "--ink: #aaaaaa")),
    ("dark themes differ", lambda root: replace(os.path.join(root, CSS), "--ink-2: #b9c4be;    --ink-3: #9dA9a3",
                                                "--ink-2: #b9c4bf;    --ink-3: #9dA9a3")),
]


def main():
    failed = 0
    print(f"1..{len(PLANTED)}")
    for number, (words, plant) in enumerate(PLANTED, 1):
        with tempfile.TemporaryDirectory() as root:
            for folder in ("templates", "messages", "assets", "src"):
                shutil.copytree(os.path.join(ROOT, folder), os.path.join(root, folder))
            plant(root)
            code, out = run(root)
        ok = code != 0 and words in out
        failed += not ok
        print(f"{'ok' if ok else 'not ok'} {number} - finds: {words}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
