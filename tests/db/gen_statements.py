#!/usr/bin/env python3
"""Makes the cases of the two-engine test: every statement with parameters that hit the fixture.

Usage: gen_statements.py ROOT[:ROOT...] FIXTURE.sql OUT.c DEPFILE SCHEMA.sql...

A parameter takes, in this order: what `-- case:` says; the fixture's value of the column that it is
compared with, or of the column of its name, in the first row of that table that the statement's
own conditions (state = 'waiting', closed_at IS NULL) let through; a value by its name or type. In
an INSERT the columns that must be new are new. Parameters that may be NULL are also run as NULL.
"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools"))
import gen_sql  # noqa: E402

BY_TYPE = {"id": "1", "int64": "1", "text": "'x'", "bytes": "x'01'", "day": "18600", "flag": "1"}
FRESH = {"id": "901", "int64": "901", "text": "'new'", "bytes": "x'09'", "day": "18999",
         "flag": "0"}
BY_NAME = {"at_most": "100", "limit": "100", "now_ms": "9999999999999", "before": "9999999999999",
           "until": "9999999999999", "since": "0", "after": "0", "role": "'worker'"}
PARENT = "900"  # the fixture's rows of this id have no children: for keys that are foreign keys
VALUE = re.compile(r"\s*(NULL|-?[0-9]+|x'(?:[0-9a-fA-F]{2})*'|'(?:[^']|'')*')\s*")


class Table:
    """A table of the schema with its columns, what must be unique, and its fixture rows."""

    def __init__(self, name):
        self.name, self.columns, self.unique, self.foreign, self.rows = name, {}, set(), set(), []


def tables_of(paths):
    tables, table = {}, None
    for path in paths:
        with open(path, encoding="utf-8") as text:
            for line in text:
                line = re.sub(r"\s*--.*$", "", line).rstrip()
                made = re.match(r"^CREATE TABLE (\w+) \($", line)
                column = gen_sql.COLUMN.match(line)
                added = re.match(r"^ALTER TABLE (\w+) ADD COLUMN (\w+) (\w+)", line)
                if made:
                    table = tables.setdefault(made[1], Table(made[1]))
                elif added:
                    tables[added[1]].columns[added[2]] = added[3]
                elif table and column:
                    table.columns[column[2]] = column[3]
                    if "PRIMARY KEY" in column[4] or "UNIQUE" in column[4]:
                        table.unique.add(column[2])
                    if "REFERENCES" in column[4]:
                        table.foreign.add(column[2])
                elif table and re.match(r"^\s+(PRIMARY KEY|UNIQUE) \(", line):
                    table.unique.update(re.findall(r"\w+", line.split("(", 1)[1]))
                elif line.startswith(")"):
                    table = None
    return tables


def split_values(path, line, text):
    """The values of one parenthesised row."""
    values, at = [], 0
    while True:
        found = VALUE.match(text, at)
        if not found:
            raise gen_sql.Mistake(path, line, f"not a value: {text[at:at + 20]}")
        values.append(found[1])
        at = found.end()
        if at == len(text):
            return values
        if text[at] != ",":
            raise gen_sql.Mistake(path, line, f"a comma is due: {text[at:at + 20]}")
        at += 1


def read_fixture(path, tables):
    """The fixture's statements in the words of both engines; first rows go to the tables."""
    statements = []
    with open(path, encoding="utf-8") as text:
        source = re.sub(r"(?m)^--.*$", "", text.read())
    line = 1
    for part in re.split(r";\s*\n", source):
        found = re.match(r"\s*INSERT INTO (\w+) \(([^)]*)\) VALUES\s*(.*)$", part, re.S)
        if not part.strip():
            continue
        if not found or found[1] not in tables:
            raise gen_sql.Mistake(path, line, f"no INSERT into a known table: {part.strip()[:40]}")
        columns = re.findall(r"\w+", found[2])
        for row in re.findall(r"\(((?:[^()']|'(?:[^']|'')*')*)\)", found[3]):
            values = split_values(path, line, row)
            if len(values) != len(columns):
                raise gen_sql.Mistake(path, line, f"{found[1]}: {len(values)} values for "
                                      f"{len(columns)} columns")
            tables[found[1]].rows.append(dict(zip(columns, values)))
        statements.append((part.strip(), re.sub(r"\bx'([0-9a-fA-F]*)'", r"'\\x\1'",
                                                part.strip())))
        line += part.count("\n") + 1
    return statements


def written_table(statement, tables):
    found = re.match(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(\w+)", statement.text["sqlite"],
                     re.I)
    return tables.get(found[1]) if found else None


def said(statement, number, text):
    """The parameters of one -- case: line."""
    values, at = {}, 0
    text = text.strip()
    while at < len(text) and text != "empty":
        name = re.compile(r"\s*,?\s*(\w+)\s*=").match(text, at)
        value = VALUE.match(text, name.end()) if name else None
        if not value or name[1] not in {f[0] for f in statement.ins}:
            raise gen_sql.Mistake(statement.path, number, "-- case: takes parameter = value, ...")
        values[name[1]] = value[1]
        at = value.end()
    return values


def lets_through(row, column, sign, value):
    held = row.get(column, "NULL")
    if sign == "IS":
        return (held == "NULL") == (value == "NULL")
    if sign == "IN":
        return held in re.findall(r"'[^']*'", value)
    return (held == value) == (sign == "=")


def sources_of(statement, tables):
    """{alias: (table, row)} of the tables a statement names, each with a row that its own
    conditions let through."""
    text = statement.text["sqlite"]
    found = {}
    for name, alias in re.findall(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)(?:\s+(?:AS\s+)?(\w+))?",
                                  text, re.I):
        if name in tables:
            plain = alias.upper() in ("", "WHERE", "ON", "JOIN", "LEFT", "SET", "ORDER", "GROUP",
                                      "VALUES", "UNION", "LIMIT", "INNER", "CROSS", "SELECT")
            found.setdefault(name if plain else alias, tables[name])
    conditions = re.findall(
        r"(?:\b(\w+)\.)?\b(\w+)\s*(=|<>|IS|IN)\s*('[^']*'|NOT NULL|NULL|\([^)]*\))",
        text[text.upper().find("WHERE"):] if "WHERE" in text.upper() else "")
    sources = {}
    for alias, table in found.items():
        own = [c for c in conditions if c[1] in table.columns and c[0] in ("", alias)]
        rows = [r for r in table.rows if all(lets_through(r, *c[1:]) for c in own)]
        sources[alias] = (table, (rows or table.rows or [{}])[0])
    return sources


def value_for(statement, name, kind, sources):
    """The fixture's value for one parameter that is not inserted."""
    same = re.compile(r"(?:\b(\w+)\.)?\b(\w+)\s*(?:=|<=|>=)\s*:" + name + r"\b")
    wanted = [(a, c) for a, c in same.findall(statement.text["sqlite"])]
    wanted += [("", name), ("", re.sub("^from_", "", name))]
    for alias, column in wanted:
        for source, (table, row) in sources.items():
            value = row.get(column)
            if alias in ("", source) and value and value != "NULL" and \
                    (table.columns[column] == kind or {table.columns[column], kind}
                     <= {"id", "int64"}):
                return value
    return BY_NAME.get(name, BY_TYPE[kind])


def derive(statement, tables):
    """Values for all parameters from the fixture."""
    sources = sources_of(statement, tables)
    target = written_table(statement, tables)
    inserts = re.match(r"\s*INSERT", statement.text["sqlite"], re.I)
    values = {}
    for name, kind, _ in statement.ins:
        if not (inserts and target and name in target.columns):
            values[name] = value_for(statement, name, kind, sources)
            continue
        row = target.rows[0] if target.rows else {}
        own = target.unique - target.foreign
        values[name] = row.get(name, "NULL")
        if values[name] == "NULL":
            values[name] = BY_TYPE[kind]
        if name in own:
            values[name] = FRESH[kind]
        elif name in target.unique and not own:
            values[name] = PARENT
    return values


def cases_of(statement, tables):
    """(label, must hit, values) for each run of a statement."""
    base, out = derive(statement, tables), []
    writes = re.match(r"\s*(INSERT|UPDATE|DELETE)", statement.text["sqlite"], re.I)
    known = written_table(statement, tables) is not None or not writes
    for number, text in statement.cases or [(statement.line, "")]:
        out.append((f"{gen_sql.source_name(statement.path)}:{number}",
                    known and "empty" not in text,
                    {**base, **said(statement, number, text)}))
    for name, _, nullable in statement.ins:
        if nullable:
            out.append((f"{name} NULL", False, {**out[0][2], name: "NULL"}))
    return out


def cell(value):
    if value == "NULL":
        return "{ .kind = AW_CELL_NULL }"
    if value.startswith("x'"):
        data = bytes.fromhex(value[2:-1])
        return ('{ .kind = AW_CELL_BYTES, .at = "' + "".join(f"\\x{b:02x}" for b in data)
                + f'", .len = {len(data)} }}')
    if value.startswith("'"):
        text = value[1:-1].replace("''", "'")
        quoted = "".join(f"\\{b:03o}" if b > 126 or b in b'"\\?' else chr(b)
                         for b in text.encode())
        return f'{{ .kind = AW_CELL_TEXT, .at = "{quoted}", .len = {len(text.encode())} }}'
    return f"{{ .kind = AW_CELL_INT, .number = INT64_C({value}) }}"


def fields(name, listed):
    rows = "".join(f'\t{{ "{n}", 0, AW_SQL_{t.upper()}, {"true" if q else "false"} }},\n'
                   for n, t, q in listed)
    return f"static const struct aw_sql_field {name}[] = {{\n{rows}}};\n"


def describe(name, place, mode, texts, ins, outs, anew=False):
    out = (fields(name + "_ins", ins) if ins else "") + (fields(name + "_outs", outs) if outs
                                                         else "")
    return out + f"""static const struct aw_sql {name}_sql = {{
	.name = "{name}",
	.place = "{place}",
	.mode = AW_SQL_{mode.upper()},
	.sqlite =
{gen_sql.c_string(texts[0])},
	.postgres =
{gen_sql.c_string(texts[1])},
	.ins = {name + "_ins" if ins else "NULL"},
	.in_count = {len(ins)},
	.outs = {name + "_outs" if outs else "NULL"},
	.out_count = {len(outs)},
	.plan_anew = {"true" if anew else "false"},
}};
"""


def emit(statements, tables, fixture):
    out = ["/* Generated by tests/db/gen_statements.py: every statement, its cases, the fixture. */",
           '#include "statements.h"', ""]
    for table in tables.values():
        columns = list(table.columns)
        text = (f"SELECT {', '.join(columns)} FROM {table.name} ORDER BY "
                + ", ".join(f"{c} NULLS FIRST" for c in columns))
        out.append(describe("table_" + table.name, "schema", "many", (text, text), [],
                            [(c, t, True) for c, t in table.columns.items()]))
    out.append("const struct statement_table statement_tables[] = {")
    out += [f"\t{{ &table_{t.name}_sql, {'true' if t.rows else 'false'} }}," for t in
            tables.values()]
    out += ["};", f"const size_t statement_table_count = {len(tables)};", ""]
    order = {name: i for i, name in enumerate(tables)}
    cases = []
    for s in statements:
        texts = (gen_sql.positional(s, "sqlite"), gen_sql.positional(s, "pg"))
        place = f"{gen_sql.source_name(s.path)}:{s.line}"
        out.append(describe(s.name, place, s.mode, texts, s.ins, s.outs,
                            s.plan_anew))
        target = written_table(s, tables)
        for i, (label, hits, values) in enumerate(cases_of(s, tables)):
            cells = f"{s.name}_case_{i}"
            if s.ins:
                out.append(f"static const struct aw_cell {cells}[] = {{")
                out += [f"\t{cell(values[n])}," for n, _, _ in s.ins]
                out.append("};")
            cases.append(f'\t{{ &{s.name}_sql, {cells if s.ins else "NULL"}, "{label}", '
                         f'{"true" if hits else "false"}, '
                         f"{order[target.name] if target else -1} }},")
    out += ["const struct statement_case statement_cases[] = {"] + cases + ["};",
            f"const size_t statement_case_count = {len(cases)};",
            f"const size_t statement_count = {len(statements)};", ""]
    for at, engine in enumerate(("sqlite", "postgres")):
        out.append(f"const char *const statement_fixture_{engine}[] = {{")
        out += [gen_sql.c_string(pair[at], "\t") + "," for pair in fixture]
        out += ["\tNULL,", "};"]
    return "\n".join(out) + "\n"


def below(root):
    found = []
    for top, dirs, files in os.walk(root):
        dirs.sort()
        found += [os.path.join(top, f) for f in sorted(files) if f.endswith(".sql")]
    return found


def main(argv):
    root, fixture_path, out_path, depfile, schema = argv[1], argv[2], argv[3], argv[4], argv[5:]
    try:
        roots = root.split(":")
        paths = [path for one in roots for path in below(one)]
        statements = [s for path in paths for s in gen_sql.parse(path)]
        if not statements:
            raise gen_sql.Mistake(root, 1, "no statement below this folder")
        gen_sql.unique(statements)
        tables = tables_of(schema)
        fixture = read_fixture(fixture_path, tables)
        gen_sql.write(out_path, emit(statements, tables, fixture))
        folders = sorted({os.path.dirname(p) for p in paths} | set(roots))
        gen_sql.write(depfile, f"{out_path}: {' '.join(paths + folders)}\n")
    except gen_sql.Mistake as mistake:
        print(mistake, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
