#!/usr/bin/env python3
"""Makes the catalogue of tables that a backup walks: src/db/tables.h.

Usage: gen_tables.py OUT.c MIGRATION.sql...

Follows the migrations of schema/ in order and writes, for each table and each span of schemas in
which it kept its columns, the statements that read it by pages of its primary key, count it, clear
it and insert into it. A table comes behind those it refers to. What is not understood is a mistake,
named file:line, never passed over.
exit 0 done, 1 a mistake in the input.
"""
import os
import re
import sys

from gen_sql import COLUMN, Mistake, TYPES, c_string

CREATE = re.compile(r"^CREATE TABLE ([a-z][a-z0-9_]*) \(\n(.*)\n\)$", re.S)
ADD = re.compile(r"^ALTER TABLE ([a-z][a-z0-9_]*) ADD COLUMN\s+(.*)$", re.S)
DROP = re.compile(r"^DROP TABLE ([a-z][a-z0-9_]*)$")
FILL = re.compile(r"^(?:INSERT INTO|UPDATE|DELETE FROM) ([a-z][a-z0-9_]*)\b")
OTHER = re.compile(r"^(?:CREATE (?:UNIQUE )?INDEX|CREATE VIEW|DROP INDEX|DROP VIEW)\b")
KEY = re.compile(r"^PRIMARY KEY \(([^)]*)\)$")
CONSTRAINT = re.compile(r"^(?:UNIQUE|CHECK|FOREIGN KEY)\b")
REFERENCES = re.compile(r"\bREFERENCES ([a-z][a-z0-9_]*)")


class Table:
    """A table as it is in the schemas since..until (0: to the last)."""

    def __init__(self, name, since, place):
        self.name, self.since, self.until, self.place = name, since, 0, place
        self.columns, self.key, self.parents, self.filled = [], [], [], False

    def next_version(self, since):
        later = Table(self.name, since, self.place)
        later.columns, later.key = list(self.columns), list(self.key)
        later.parents, later.filled = list(self.parents), self.filled
        return later


def statements(path):
    """(line, text) of each statement, without comments."""
    lines, start = [], 0
    with open(path, encoding="utf-8") as text:
        for number, line in enumerate(text.read().split("\n"), 1):
            line = re.sub(r"\s*--.*$", "", line).rstrip()
            if not line:
                continue
            start = start if lines else number
            lines.append(line.rstrip(";"))
            if line.endswith(";"):
                yield start, "\n".join(lines)
                lines = []


def column(table, text, fail):
    found = COLUMN.match("\t" + text)
    if not found:
        fail(f'"{text}" is not a column')
    _, name, kind, tail = found.groups()
    if any(c[0] == name for c in table.columns):
        fail(f'"{name}" is there twice')
    table.columns.append((name, kind, "NOT NULL" not in tail))
    if "PRIMARY KEY" in tail:
        table.key = [name]
    table.parents += REFERENCES.findall(tail)


def create(found, number, place, fail):
    table = Table(found[1], number, place)
    for part in re.split(r",\n", found[2]):
        part = " ".join(part.split())
        key = KEY.match(part)
        if key:
            table.key = [k.strip() for k in key[1].split(",")]
        elif not CONSTRAINT.match(part):
            column(table, part, fail)
        else:
            table.parents += REFERENCES.findall(part)
    if not table.key:
        fail(f'"{table.name}" has no primary key: a backup reads by it')
    return table


class Catalogue:
    """Every table and how it changed, in the order of their making."""

    def __init__(self):
        self.versions = []

    def current(self, name, fail):
        for table in self.versions:
            if table.name == name and table.until == 0:
                return table
        return fail(f'there is no table "{name}"')

    def replace(self, name, number, fail):
        """The version that a change of this migration goes into."""
        old = self.current(name, fail)
        if old.since == number:
            return old
        old.until = number - 1
        new = old.next_version(number)
        self.versions.insert(self.versions.index(old) + 1, new)
        return new

    def apply(self, text, number, place, fail):
        found = CREATE.match(text)
        if found:
            if any(t.name == found[1] and t.until == 0 for t in self.versions):
                fail(f'there is a table "{found[1]}" already')
            self.versions.append(create(found, number, place, fail))
        elif found := ADD.match(text):
            column(self.replace(found[1], number, fail), " ".join(found[2].split()), fail)
        elif found := DROP.match(text):
            self.current(found[1], fail).until = number - 1
        elif found := FILL.match(text):
            if text.startswith("INSERT"):
                self.replace(found[1], number, fail).filled = True
        elif not OTHER.match(text):
            fail("a backup does not know what this does to a table: teach tools/gen_tables.py")

    def ordered(self):
        """Parents first; otherwise as they were made. A table that refers to itself may stay."""
        done, out = set(), []
        rest = list(self.versions)
        while rest:
            ready = [t for t in rest if all(
                p == t.name or p in done or p not in {r.name for r in rest} for p in t.parents)]
            if not ready:
                raise Mistake(rest[0].place, 1, f'"{rest[0].name}" refers to tables in a circle')
            name = ready[0].name
            out += [t for t in rest if t.name == name]
            rest = [t for t in rest if t.name != name]
            done.add(name)
        return out


def read(paths):
    catalogue = Catalogue()
    for number, path in enumerate(sorted(paths, key=os.path.basename), 1):
        for line, text in statements(path):
            def fail(what, line=line, path=path):
                raise Mistake(path, line, what)
            catalogue.apply(text, number, os.path.basename(path), fail)
    if not catalogue.versions:
        raise Mistake(paths[0], 1, "no table seen")
    return catalogue.ordered()


def fields(name, columns):
    rows = ",\n".join(f'\t{{ "{c}", 0, AW_SQL_{kind.upper()}, {"true" if null else "false"} }}'
                      for c, kind, null in columns)
    return f"static const struct aw_sql_field {name}[] = {{\n{rows},\n}};"


def statement(table, verb, mode, text, ins, outs):
    """One aw_sql; its cells are given and taken as they are, so there are no structs behind it."""
    if len(text(1, "?").encode()) > 4000:
        raise Mistake(table.place, 1, f'"{table.name}" makes a statement longer than 4000 bytes')
    put = "\n".join(f"\t\t.{engine} =\n{c_string(text(1, sign), 3 * chr(9))},"
                    for engine, sign in (("sqlite", "?"), ("postgres", "$")))
    return (f'\t.{verb} = {{\n\t\t.name = "backup_{verb}",\n'
            f'\t\t.place = "{table.place}: {table.name}",\n\t\t.mode = AW_SQL_{mode},\n{put}\n'
            + (f"\t\t.ins = {ins[0]},\n\t\t.in_count = {ins[1]},\n" if ins else "")
            + (f"\t\t.outs = {outs[0]},\n\t\t.out_count = {outs[1]},\n" if outs else "")
            + "\t},")


def parameters(sign, first, count):
    return ", ".join(f"{sign}{first + i}" for i in range(count))


def definition(table, at):
    """The fields of one version and its entry in the catalogue."""
    if len(table.columns) > 63:
        raise Mistake(table.place, 1, f'"{table.name}" has more than 63 columns')
    prefix = f"{table.name}_{at}"
    names = ", ".join(c[0] for c in table.columns)
    key = ", ".join(table.key)
    keys = [next(c for c in table.columns if c[0] == k) for k in table.key]
    positions = ", ".join(str(table.columns.index(k)) for k in keys)
    outs = (prefix + "_columns", len(table.columns))
    most = ("at_most", "int64", False)
    n = len(keys)
    parts = [
        statement(table, "first", "EACH", lambda f, s:
                  f"SELECT {names} FROM {table.name}\nORDER BY {key} LIMIT {s}1",
                  (prefix + "_first", 1), outs),
        statement(table, "next", "EACH", lambda f, s:
                  f"SELECT {names} FROM {table.name}\nWHERE ({key}) > ({parameters(s, 1, n)})\n"
                  f"ORDER BY {key} LIMIT {s}{n + 1}", (prefix + "_next", n + 1), outs),
        statement(table, "count", "ONE", lambda f, s:
                  f"SELECT COUNT(*) AS count FROM {table.name}", None, ("counted", 1)),
        statement(table, "clear", "EXEC", lambda f, s: f"DELETE FROM {table.name}", None, None),
        statement(table, "insert", "EXEC", lambda f, s:
                  f"INSERT INTO {table.name} ({names})\nVALUES "
                  f"({parameters(s, 1, len(table.columns))})", outs, None),
    ]
    head = "\n".join([fields(prefix + "_columns", table.columns),
                      fields(prefix + "_first", [most]),
                      fields(prefix + "_next", keys + [most])])
    entry = "\n".join([
        "{", f'\t.name = "{table.name}",', f"\t.since = {table.since},",
        f"\t.until = {table.until},", f"\t.filled = {'true' if table.filled else 'false'},",
        f"\t.columns = {prefix}_columns,", f"\t.column_count = {len(table.columns)},",
        f"\t.key = {{ {positions} }},", f"\t.key_count = {n},"] + parts + ["\t.copy =", c_string(
            f"COPY {table.name} ({names})\nFROM STDIN (FORMAT binary)") + ",", "},"])
    return head, entry


def write(path, tables):
    made = [definition(table, table.since) for table in tables]
    out = ["/* Generated by tools/gen_tables.py from schema/: change those files instead. */",
           '#include "db/tables.h"', "", fields("counted", [("count", "int64", False)])]
    out += [head for head, _ in made]
    out += ["const struct aw_table aw_tables[] = {"] + [entry for _, entry in made] + ["};"]
    out += [f"const size_t aw_table_count = {len(made)};", ""]
    with open(path, "w", encoding="utf-8") as source:
        source.write("\n".join(out))


def main(argv):
    if len(argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        write(argv[1], read(argv[2:]))
    except Mistake as mistake:
        print(mistake, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
