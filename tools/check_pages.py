#!/usr/bin/env python3
"""Checks templates, messages and the style sheet against the house's rules.

Usage: check_pages.py ROOT   exit 0 clean, 1 with one line a mistake, or when it saw nothing.

  - no Chinese text in a template: it belongs to messages/
  - {{{x}}} and {{&x}} in the templates of templates/raw.txt alone
  - no style attribute, inline script or event attribute; nothing loaded from outside
  - every {{#t}}key{{/t}} has a text in both languages; every text is used: by a template, by a string
    in C, or as a code of a prefix that a view type names
  - every icon is in the sprite
  - the colours of the style sheet: text at 5.2:1 or more, control borders at 3.5:1
"""
import json
import os
import re
import sys

CJK = re.compile("[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
MESSAGE = re.compile(r"\{\{#t\}\}\s*(.*?)\s*\{\{/t\}\}", re.S)
ICON = re.compile(r"\{\{#icon(?:_s)?\}\}\s*(.*?)\s*\{\{/icon(?:_s)?\}\}|href=\"#i-([a-z]+)\"")
COMMENT = re.compile(r"/\*.*?\*/", re.S)
RAW = re.compile(r"\{\{\{|\{\{&")
FORBIDDEN = [
    (re.compile(r"\sstyle\s*="), "a style attribute"),
    (re.compile(r"\son[a-z]+\s*="), "an event attribute"),
    (re.compile(r"<script(?![^>]*\ssrc=)"), "an inline script"),
    (re.compile(r"<(?:img|script|link|iframe|source)[^>]*(?:src|href)=\"(?:https?:)?//"),
     "something loaded from outside"),
]
# (text, grounds): measured in both themes
TEXT_PAIRS = [
    ("ink", "paper surface sunken hover tint"), ("ink-2", "paper surface sunken hover tint"),
    ("ink-3", "paper surface sunken hover"), ("link", "paper surface sunken hover"),
    ("on-brand", "brand"), ("on-bar", "bar"), ("on-bar-2", "bar"), ("high-ink", "high"),
    ("high-text", "paper surface high-weak"), ("mid-ink", "mid"), ("mid-text", "surface"),
    ("ok", "surface ok-weak"), ("info", "surface info-weak"), ("veil-ink", "veil veil-2"),
]
BORDER_PAIRS = [("line-2", "paper surface sunken"), ("brand", "paper surface"),
                ("focus", "paper surface"), ("mid-line", "surface mid"),
                ("low-line", "surface paper"), ("high-text", "surface high-weak")]


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def below(root, folder, suffixes):
    for top, dirs, names in os.walk(os.path.join(root, folder)):
        dirs.sort()
        for name in sorted(names):
            if name.endswith(suffixes):
                yield os.path.join(top, name)


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def check_templates(root, catalogs, used, bad):
    raw_path = os.path.join(root, "templates/raw.txt")
    allowed = {line.split("#")[0].strip() for line in read(raw_path).splitlines()} - {""}
    sprite = set(re.findall(r'id="i-([a-z]+)"', read(os.path.join(root, "templates/layout/sprite.mustache"))))
    seen = 0
    for path in below(root, "templates", ".mustache"):
        seen += 1
        text = read(path)
        name = os.path.relpath(path, os.path.join(root, "templates"))[:-len(".mustache")]

        def say(at, what, where=path, whole=text):
            bad.append(f"{os.path.relpath(where, root)}:{line_of(whole, at)}: {what}")
        for hit in CJK.finditer(text):
            say(hit.start(), f"text in a template: {hit[0]}")
        for hit in RAW.finditer(text):
            if name not in allowed:
                say(hit.start(), "raw output, and the template is not in templates/raw.txt")
        for pattern, what in FORBIDDEN:
            for hit in pattern.finditer(text):
                say(hit.start(), what)
        for hit in MESSAGE.finditer(text):
            key = hit[1].split()[0] if hit[1].split() else ""
            used.add(key)
            for language, catalog in catalogs.items():
                if key not in catalog:
                    say(hit.start(), f"no message \"{key}\" in {language}")
        for hit in ICON.finditer(text):
            icon = hit[1] if hit[1] is not None else hit[2]
            if not icon.startswith("{{") and icon not in sprite:
                say(hit.start(), f"no icon \"{icon}\"")
    for name in allowed:
        path = os.path.join(root, "templates", name + ".mustache")
        if not os.path.exists(path) or not RAW.search(read(path)):
            bad.append(f"templates/raw.txt: {name} has no raw output")
    return seen


def strings_of_code(root):
    """All string literals, the prefixes that view types name, and beginnings of keys put together."""
    strings, prefixes, beginnings = set(), set(), set()
    for path in below(root, "src", (".c", ".h")):
        text = COMMENT.sub("", read(path))
        strings |= set(re.findall(r'"((?:[^"\\\n]|\\.)*)"', text))
        prefixes |= set(re.findall(r'AW_FIELD_CODE\(\s*"[^"]*",\s*\w+,\s*"([^"]+)"\s*\)', text))
        prefixes |= set(re.findall(r'\.codes\s*=\s*"([^"]+)"', text))
        beginnings |= {  # keys put together: "error.%s"
            s[:-3] for s in re.findall(r'"([a-z_.]+\.%s)"', text)}
    return strings, prefixes, beginnings


def check_messages(root, catalogs, used, bad):
    strings, prefixes, beginnings = strings_of_code(root)
    for prefix in sorted(prefixes):
        for language, catalog in catalogs.items():
            if not any(key.startswith(prefix + ".") for key in catalog):
                bad.append(f"{language}: no message for the codes \"{prefix}.*\"")
    for key in sorted(set().union(*catalogs.values())):
        by_prefix = any(key.startswith(prefix + ".") for prefix in prefixes | beginnings)
        if key not in used and key not in strings and not by_prefix:
            bad.append(f"message \"{key}\" is used nowhere")
    return len(prefixes)


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    a, b = sorted((luminance(one), luminance(other)), reverse=True)
    return (a + 0.05) / (b + 0.05)


def themes(sheet):
    blocks = {"light": r":root \{(.*?)\n\}", "dark": r':root\[data-theme="dark"\] \{(.*?)\n\}',
              "dark by system": r':root:not\(\[data-theme="light"\]\) \{(.*?)\n\} \}'}
    found = {}
    for name, pattern in blocks.items():
        body = re.search(pattern, sheet, re.S)
        if body:
            found[name] = {k: v.lower() for k, v in re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-fA-F]{6})\b", body[1])}
    return found


def check_colours(root, bad):
    seen = 0
    found = themes(read(os.path.join(root, "assets/anwang.css")))
    if set(found) != {"light", "dark", "dark by system"}:
        bad.append("assets/anwang.css: a theme's tokens were not found")
        return 0
    if found["dark"] != found["dark by system"]:
        bad.append("assets/anwang.css: the two dark themes differ")
    for theme, tokens in found.items():
        for pairs, least in ((TEXT_PAIRS, 5.2), (BORDER_PAIRS, 3.5)):
            for fore, grounds in pairs:
                for ground in grounds.split():
                    if fore not in tokens or ground not in tokens:
                        bad.append(f"assets/anwang.css: {theme}: no colour --{fore} or --{ground}")
                        continue
                    seen += 1
                    ratio = contrast(tokens[fore], tokens[ground])
                    if ratio < least:
                        bad.append(f"assets/anwang.css: {theme}: --{fore} on --{ground} has "
                                   f"{ratio:.2f}:1, less than {least}:1")
    return seen


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else "."
    catalogs = {name: json.loads(read(os.path.join(root, f"messages/{name}.json")))
                for name in ("zh-Hant-TW", "en")}
    used, bad = set(), []
    templates = check_templates(root, catalogs, used, bad)
    prefixes = check_messages(root, catalogs, used, bad)
    pairs = check_colours(root, bad)
    for line in bad:
        print(line)
    print(f"{templates} templates, {len(catalogs['en'])} messages, {prefixes} code prefixes, "
          f"{pairs} pairs of colours: {len(bad)} mistakes")
    return 1 if bad or 0 in (templates, prefixes, pairs) else 0


if __name__ == "__main__":
    sys.exit(main())
