#!/usr/bin/env python3
"""Makes typed C of the .sql files that stand beside the rooms, and of the schema.

Usage: gen_sql.py IN.sql OUT.sql.h OUT.sql.c        statements of one file
       gen_sql.py --schema OUT.c MIGRATION.sql...   the schema in each engine's own words

The form of a statement (more in src/db/db.h):

    -- name: report_by_number
    -- in: number text
    -- one: id id, kind text, closed_at int64?
    -- Any other comment, here or just before the name, becomes the comment of the function.
    SELECT id, kind, closed_at FROM report WHERE number = :number;
    -- pg:
    (only where PostgreSQL needs other words: the text for it)

`-- plan: each time` is for filters that a call may leave out: PostgreSQL plans such a statement with each
call's values. `-- many: rows of NAME` (or one:, each:) gives the columns, and the struct, of an earlier statement of
the file. Lists end with a comma to go on in the next comment line. `-- case: number = 'x', day = 3` gives the
two-engine test parameters that its fixture cannot tell, `-- case: empty` says that no row is due
(tests/db/gen_statements.py). Every mistake is named file:line.
exit 0 done, 1 a mistake in the input.
"""
import os
import re
import sys

TYPES = {  # type: (C type, C type with ?, SQLite, PostgreSQL)
    "id": ("int64_t", "struct aw_maybe", "INTEGER", "BIGINT"),
    "int64": ("int64_t", "struct aw_maybe", "INTEGER", "BIGINT"),
    "text": ("const char *", "const char *", "TEXT", 'TEXT COLLATE "C"'),
    "bytes": ("struct aw_bytes", "struct aw_bytes", "BLOB", "BYTEA"),
    "day": ("int32_t", "struct aw_maybe", "INTEGER", "BIGINT"),
    "flag": ("bool", "struct aw_maybe", "INTEGER", "BIGINT"),
}
MODES = ("exec", "changed", "one", "many", "each")
KEYWORDS = set("""auto break case char const continue default do double else enum extern float for
goto if inline int long register restrict return short signed sizeof static struct switch typedef
union unsigned void volatile while bool true false""".split())
HEAD = re.compile(r"^--\s*(name|in|exec|changed|one|many|each|pg|case|plan)\s*(:|$)\s*(.*)$")
NAME = re.compile(r"^[a-z][a-z0-9_]*$")
ROWS_OF = re.compile(r"^rows of ([a-z][a-z0-9_]*)$")
FIELD = re.compile(r"^([a-z][a-z0-9_]*)\s+([a-z0-9]+)(\??)$")
# Words that mean different things, or nothing, on the other engine.
FORBIDDEN = {
    r"\b(strftime|julianday|unixepoch|now|date_trunc|to_char|current_timestamp|current_date)\b":
        "no clock and no date functions in SQL: days are stored, instants are given",
    r"\b(GLOB|ILIKE|REGEXP)\b": "only one engine knows this operator",
    r"\bINSERT\s+OR\b|\bREPLACE\s+INTO\b": "only one engine knows this upsert",
    r"\bSELECT\s+\*": "name the columns",
}
TOKEN = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|::|:([a-zA-Z_][a-zA-Z0-9_]*)")


class Mistake(Exception):
    """One mistake in an input file, with its place."""

    def __init__(self, path, line, text):
        super().__init__(f"{path}:{line}: {text}")


class Statement:
    """One named statement with its typed parameters and columns."""

    def __init__(self, path, line, name):
        self.path, self.line, self.name = path, line, name
        self.mode, self.ins, self.outs, self.doc, self.cases = None, [], [], [], []
        self.row = name  # the statement whose struct a row is
        self.plan_anew = False
        self.text = {"sqlite": [], "pg": None}


def parse_fields(path, line, text, into):
    for part in filter(None, (p.strip() for p in text.split(","))):
        found = FIELD.match(part)
        if not found:
            raise Mistake(path, line, f'"{part}" is not "name type" or "name type?"')
        if found[2] not in TYPES:
            raise Mistake(path, line, f'"{found[2]}" is not a type: {", ".join(TYPES)}')
        if any(f[0] == found[1] for f in into):
            raise Mistake(path, line, f'"{found[1]}" is named twice')
        into.append((found[1], found[2], found[3] == "?"))


def set_mode(statement, line, mode):
    if statement.mode not in (None, mode):
        raise Mistake(statement.path, line, f'"{statement.name}" has two modes')
    statement.mode = mode


def share_rows(statement, number, name, earlier):
    """The rows of the statement are those of an earlier one of the file."""
    other = next((s for s in earlier if s.name == name and s.outs), None)
    if other is None or statement.outs:
        raise Mistake(statement.path, number,
                      f'"{name}" is no earlier statement with rows' if other is None else
                      f'"{statement.name}" has columns of its own')
    statement.outs, statement.row = list(other.outs), other.row


def parse_head(statement, number, word, colon, rest, earlier):
    """Reads one `-- word: rest` line; returns the list that a trailing comma continues, or None."""
    path = statement.path
    if word == "pg":
        if not "".join(statement.text["sqlite"]).strip():
            raise Mistake(path, number, "-- pg: stands behind the common text")
        statement.text["pg"] = []
        return None
    if word == "plan":
        if rest.strip() != "each time":
            raise Mistake(path, number, '-- plan: is followed by "each time"')
        statement.plan_anew = True
        return None
    if word == "case":
        statement.cases.append((number, rest))
        return None
    if word == "in":
        fields = statement.ins
    else:
        set_mode(statement, number, word)
        fields = statement.outs
    if word in ("exec", "changed"):
        if rest.strip():
            raise Mistake(path, number, f"-- {word} takes no columns")
        return None
    if not colon or not rest.strip():
        raise Mistake(path, number, f"-- {word}: needs a list of \"name type\"")
    shared = ROWS_OF.match(rest.strip()) if word != "in" else None
    if shared:
        share_rows(statement, number, shared[1], earlier)
        return None
    if fields is statement.outs and statement.row != statement.name:
        raise Mistake(path, number, f'"{statement.name}" has the rows of "{statement.row}"')
    parse_fields(path, number, rest, fields)
    return fields if rest.rstrip().endswith(",") else None


def parse(path):
    """The statements of a file, checked."""
    statements, current, open_list, pending = [], None, None, []
    with open(path, encoding="utf-8") as text:
        lines = text.read().split("\n")
    for number, line in enumerate(lines, 1):
        found = HEAD.match(line)
        if open_list is not None and not (found and found[2]):
            if not line.startswith("--"):
                raise Mistake(path, number, "a list ends with a comma but does not go on")
            rest = line[2:].strip()
            parse_fields(path, number, rest, open_list)
            open_list = open_list if rest.endswith(",") else None
            continue
        open_list = None
        if found and found[1] == "name":
            if not NAME.match(found[3].strip()):
                raise Mistake(path, number, f'"{found[3]}" is not a name: a-z, 0-9 and _')
            current = Statement(path, number, found[3].strip())
            current.doc, pending = pending, []
            statements.append(current)
        elif found and current and (found[2] or found[1] in ("exec", "changed")):
            open_list = parse_head(current, number, found[1], found[2], found[3],
                                   statements[:-1])
        elif line.startswith("--"):
            if current and not "".join(current.text["sqlite"]).strip():
                current.doc.append(line[2:].strip())
            else:
                pending.append(line[2:].strip())
        elif not line.strip():
            pending = []
        elif current is None:
            if line.strip():
                raise Mistake(path, number, "SQL before the first -- name:")
        elif current.text["pg"] is not None:
            current.text["pg"].append(line)
        else:
            current.text["sqlite"].append(line)
    for statement in statements:
        check(statement)
    return statements


def check(statement):
    def fail(text):
        raise Mistake(statement.path, statement.line, f'"{statement.name}": {text}')
    statement.mode = statement.mode or "exec"
    for engine, lines in statement.text.items():
        if lines is None:
            continue
        body = TOKEN.sub(lambda m: "" if m[0].startswith("--") else m[0], "\n".join(lines)).strip()
        body = body[:-1].rstrip() if body.endswith(";") else body
        bare = TOKEN.sub(lambda m: m[0] if m[1] else "''", body)
        if not body:
            fail("there is no SQL")
        if ";" in bare:
            fail("one statement only")
        for pattern, why in FORBIDDEN.items():
            if re.search(pattern, bare, re.I):
                fail(why)
        if statement.mode in ("many", "each") and not re.search(r"\bORDER\s+BY\b", bare, re.I):
            fail("several rows need a total ORDER BY")
        used = {m[1] for m in TOKEN.finditer(body) if m[1]}
        names = {f[0] for f in statement.ins}
        if max(len(statement.ins), len(statement.outs)) > 64:
            fail("at most 64 parameters and 64 columns")
        if used - names:
            fail(f":{sorted(used - names)[0]} is not in -- in:")
        if names - used:
            fail(f":{sorted(names - used)[0]} is declared and never used")
        statement.text[engine] = body
    statement.doc = [line for line in statement.doc if line]


def positional(statement, engine):
    """The text with :name turned into the engine's own numbered parameters, spaces folded."""
    order = {field[0]: i for i, field in enumerate(statement.ins, 1)}
    sign = "?" if engine == "sqlite" else "$"
    text = statement.text["pg"] if engine == "pg" and statement.text["pg"] else \
        statement.text["sqlite"]

    return TOKEN.sub(lambda m: f"{sign}{order[m[1]]}" if m[1] else m[0], text)


def c_name(name):
    return name + "_" if name in KEYWORDS else name


def c_string(text, indent="\t\t"):
    """A C literal, a line of SQL a line. More than a compiler must take is refused above."""
    lines = [line.strip() for line in text.split("\n")]
    out = []
    for i, line in enumerate(filter(None, lines)):
        line = line.replace("\\", "\\\\").replace('"', '\\"').replace("??", '?""?')
        out.append(f'{indent}"{" " if i else ""}{line}"')
    return "\n".join(out)


def c_struct(name, fields):
    out = [f"struct {name} {{"]
    for field, kind, nullable in fields:
        c_type = TYPES[kind][1 if nullable else 0]
        note = " /* may be NULL */" if nullable and kind in ("text", "bytes") else ""
        out.append(f"\t{c_type}{'' if c_type.endswith('*') else ' '}{c_name(field)};{note}")
    return "\n".join(out + ["};"])


def signature(statement):
    name, row = "sql_" + statement.name, "sql_" + statement.row
    args = ["struct aw_tx *tx"]
    if statement.ins:
        args.append(f"const struct {name}_in *in")
    args += {
        "exec": [],
        "changed": ["int64_t *ret_changed"],
        "one": ["struct aw_arena *arena", f"struct {row} *ret_row", "bool *ret_found"],
        "many": ["struct aw_arena *arena", f"struct {row} **ret_rows", "size_t *ret_count"],
        "each": [f"{name}_fn *fn", "void *arg"],
    }[statement.mode]
    return f"enum aw_status {name}({', '.join(args + ['struct aw_error *err'])})"


def declaration(statement):
    name = "sql_" + statement.name
    out = []
    if statement.doc:
        out.append("/* " + "\n * ".join(line.replace("*/", "* /") for line in statement.doc) + " */")
    if statement.ins:
        out.append(c_struct(name + "_in", statement.ins))
    if statement.outs and statement.row == statement.name:
        out.append(c_struct(name, statement.outs))
    if statement.mode == "each":
        out.append(f"/* row and what it points to are gone when the callback returns */\n"
                   f"typedef enum aw_status {name}_fn(const struct sql_{statement.row} *row, void *arg, "
                   "struct aw_error *err);")
    out.append(f"AW_MUST_CHECK {signature(statement)};")
    return "\n".join(out)


def field_table(name, struct, fields):
    rows = ",\n".join(
        f'\t{{ "{field}", (uint32_t)offsetof(struct {struct}, {c_name(field)}), '
        f'AW_SQL_{kind.upper()}, {"true" if nullable else "false"} }}'
        for field, kind, nullable in fields)
    return f"static const struct aw_sql_field {name}[] = {{\n{rows},\n}};"


def writes(text):
    """The table that a statement writes, as a C literal."""
    found = re.match(r"\s*(?:WITH\b.*?\)\s*)?(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(\w+)", text,
                     re.I | re.S)
    return f'"{found[1]}"' if found else "NULL"


def descriptor(statement):
    """The static description that db/stmt.h runs."""
    name, row, out = statement.name, statement.row, []
    same = statement.text["pg"] is None and not statement.ins
    texts = [positional(statement, "sqlite"), positional(statement, "pg")]
    for text in texts:
        if len(text.encode()) > 4000:
            raise Mistake(statement.path, statement.line, f'"{name}" is longer than 4000 bytes')
    if statement.ins:
        out.append(field_table(name + "_ins", f"sql_{name}_in", statement.ins))
    if statement.outs and row == name:
        out.append(field_table(name + "_outs", f"sql_{name}", statement.outs))
    out.append(f"""static const struct aw_sql {name}_sql = {{
	.name = "{name}",
	.place = "{source_name(statement.path)}:{statement.line}",
	.mode = AW_SQL_{statement.mode.upper()},
	.sqlite =
{c_string(texts[0])},
	.postgres =
{c_string(texts[0] if same else texts[1])},
	.ins = {name + "_ins" if statement.ins else "NULL"},
	.in_count = {len(statement.ins)},
	.in_size = {f"sizeof(struct sql_{name}_in)" if statement.ins else 0},
	.outs = {row + "_outs" if statement.outs else "NULL"},
	.out_count = {len(statement.outs)},
	.row_size = {f"sizeof(struct sql_{row})" if statement.outs else 0},
	.writes = {writes(texts[0])},
	.plan_anew = {"true" if statement.plan_anew else "false"},
}};""")
    return "\n".join(out)


def definition(statement):
    name = "sql_" + statement.name
    given = "in" if statement.ins else "NULL"
    sql = f"&{statement.name}_sql"
    head = "enum aw_status\n" + signature(statement)[len("enum aw_status "):] + "\n{\n"
    if statement.mode == "each":
        return f"""struct {name}_call {{
	{name}_fn *fn;
	void *arg;
}};

static enum aw_status
{statement.name}_row(const void *row, void *arg, struct aw_error *err)
{{
	const struct {name}_call *call = arg;

	return call->fn(row, call->arg, err);
}}

{head}	struct sql_{statement.row} row = {{ 0 }};
	struct {name}_call call = {{ .fn = fn, .arg = arg }};

	return aw_sql_each(tx, {sql}, {given}, &row, {statement.name}_row, &call, err);
}}"""
    if statement.mode == "many":
        return f"""{head}	void *rows = NULL;

	if (aw_sql_many(tx, {sql}, {given}, arena, &rows, ret_count, err) != AW_OK)
		return err->status;
	*ret_rows = rows;
	return AW_OK;
}}"""
    call = {
        "exec": f"aw_sql_exec(tx, {sql}, {given}, NULL, err)",
        "changed": f"aw_sql_exec(tx, {sql}, {given}, ret_changed, err)",
        "one": f"aw_sql_one(tx, {sql}, {given}, arena, ret_row, ret_found, err)",
    }[statement.mode]
    return f"{head}	return {call};\n}}"


def source_name(path):
    """The path below src/ or tests/, as includes and errors name it."""
    path = os.path.abspath(path).replace(os.sep, "/")
    for root in ("/src/", "/tests/"):
        if root in path:
            return path.rsplit(root, 1)[1]
    return os.path.basename(path)


def write(path, text):
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def unique(statements):
    """Function names are one space for the whole program."""
    seen = {}
    for statement in statements:
        if statement.name in seen:
            first = seen[statement.name]
            raise Mistake(statement.path, statement.line,
                          f'"{statement.name}" is also at {first.path}:{first.line}')
        seen[statement.name] = statement


def generate(path, header, source):
    statements = parse(path)
    if not statements:
        raise Mistake(path, 1, "no statement: nothing begins with -- name:")
    unique(statements)
    name = source_name(path)
    guard = "SQL_" + re.sub(r"[^A-Z0-9]", "_", name.upper()) + "_H"
    made = f"/* Generated by tools/gen_sql.py from {name}: change that file instead. */\n"
    write(header, f"{made}#ifndef {guard}\n#define {guard}\n\n#include \"db/db.h\"\n\n"
          + "\n\n".join(declaration(s) for s in statements) + "\n\n#endif\n")
    write(source, f"{made}#include \"{name}.h\"\n\n#include <stddef.h>\n\n#include \"db/stmt.h\"\n\n"
          + "\n\n".join(descriptor(s) + "\n\n" + definition(s) for s in statements) + "\n")


COLUMN = re.compile(r"^(\s+)([a-z][a-z0-9_]*) (id|int64|text|bytes|day|flag)\b(.*)$")
ADDED = re.compile(r"^(ALTER TABLE [a-z][a-z0-9_]* ADD COLUMN )([a-z][a-z0-9_]*) ([a-z0-9]+)\b(.*)$")


def ddl(path, engine):
    """The statements of a migration in one engine's words."""
    at = 2 if engine == "sqlite" else 3
    statements, lines, table, start = [], [], False, 0
    with open(path, encoding="utf-8") as text:
        source = text.read().split("\n")
    for number, line in enumerate(source, 1):
        line = re.sub(r"\s*--.*$", "", line).rstrip()
        if not line:
            continue
        start = start if lines else number
        table = table or line.startswith("CREATE TABLE")
        found = COLUMN.match(line)
        added = ADDED.match(line)
        if added:
            if added[3] not in TYPES or added[3] == "flag":
                raise Mistake(path, number, f'"{added[3]}" is not a type of an added column')
            line = f"{added[1]}{added[2]} {TYPES[added[3]][at]}{added[4]}"
        if table and found:
            tail = found[4]
            if found[3] == "flag":
                comma = tail.endswith(",")
                tail = tail.rstrip(",") + f" CHECK ({found[2]} IN (0, 1))" + ("," if comma else "")
            line = f"{found[1]}{found[2]} {TYPES[found[3]][at]}{tail}"
        elif table and re.match(r"^\s+[a-z][a-z0-9_]* ", line):
            raise Mistake(path, number, f'"{line.split()[1]}" is not a type: {", ".join(TYPES)}')
        if line.endswith(";"):
            line = line[:-1] + (" STRICT" if table and engine == "sqlite" else "")
            statements.append("\n".join(lines + [line]))
            if len(statements[-1].encode()) > 4000:
                raise Mistake(path, start, "a statement longer than 4000 bytes")
            lines, table = [], False
        else:
            lines.append(line)
    if lines:
        raise Mistake(path, start, "this statement does not end with ;")
    return statements


def schema(source, paths):
    out = ["/* Generated by tools/gen_sql.py from schema/: change those files instead. */",
           "#include <stddef.h>", "", '#include "db/schema.h"', ""]
    rows = []
    for expected, path in enumerate(sorted(paths, key=os.path.basename), 1):
        name = os.path.basename(path)
        if not name.startswith(f"{expected:04d}-"):
            raise Mistake(path, 1, f"migrations are numbered without gaps: {expected:04d} is due")
        for engine in ("sqlite", "pg"):
            texts = ",\n".join(c_string(text, "\t") for text in ddl(path, engine))
            out += [f"static const char *const {engine}_{expected}[] = {{", texts + ",",
                    "\tNULL,", "};", ""]
        rows.append(f'\t{{ {expected}, "{name[5:-4]}", sqlite_{expected}, pg_{expected} }},')
    out += ["const struct aw_migration aw_migrations[] = {"] + rows + ["};",
            f"const size_t aw_migration_count = {len(rows)};", ""]
    write(source, "\n".join(out))


def main(argv):
    try:
        if len(argv) >= 4 and argv[1] == "--schema":
            schema(argv[2], argv[3:])
        elif len(argv) == 4 and not argv[1].startswith("--"):
            generate(argv[1], argv[2], argv[3])
        else:
            print(__doc__, file=sys.stderr)
            return 2
    except Mistake as mistake:
        print(mistake, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
