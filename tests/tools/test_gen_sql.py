#!/usr/bin/env python3
"""tools/gen_sql.py: what it makes, and that every mistake names its file and line."""
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
GENERATOR = os.path.join(HERE, "..", "..", "tools", "gen_sql.py")


def run(text, name="x.sql", schema=False):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        header, source = path + ".h", path + ".c"
        args = ["--schema", source, path] if schema else [path, header, source]
        done = subprocess.run([sys.executable, GENERATOR] + args, capture_output=True, text=True,
                              check=False)
        made = ""
        for made_path in (header, source):
            if os.path.exists(made_path):
                with open(made_path, encoding="utf-8") as text_file:
                    made += text_file.read()
        return done.returncode, made, done.stderr


class Statements(unittest.TestCase):
    def refuse(self, text, words):
        code, made, error = run(text)
        self.assertEqual(code, 1, error)
        self.assertEqual(made, "")
        self.assertIn(words, error)

    def test_a_parameter_becomes_a_position_and_colons_in_literals_stay(self):
        code, made, error = run("-- name: a\n-- in: b text, c int64?\n-- one: d text\n"
                                "SELECT ':b' AS d FROM x WHERE c = :c AND b = :b AND e = :c;\n")
        self.assertEqual(code, 0, error)
        self.assertIn("SELECT ':b' AS d FROM x WHERE c = ?2 AND b = ?1 AND e = ?2", made)
        self.assertIn("c = $2 AND b = $1 AND e = $2", made)
        self.assertIn("const char *b;", made)
        self.assertIn("struct aw_maybe c;", made)

    def test_words_for_one_engine_stay_with_it(self):
        code, made, error = run("-- name: a\n-- in: b text\nDELETE FROM x WHERE b = :b;\n"
                                "-- pg:\nDELETE FROM x WHERE b = :b::text;\n")
        self.assertEqual(code, 0, error)
        self.assertIn('"DELETE FROM x WHERE b = ?1"', made)
        self.assertIn('"DELETE FROM x WHERE b = $1::text"', made)

    def test_a_statement_may_be_planned_each_time(self):
        text = "-- name: a\n{}-- in: b text\nDELETE FROM x WHERE b = :b;\n"
        _, made, _ = run(text.format("-- plan: each time\n"))
        self.assertIn(".plan_anew = true,", made)
        _, made, _ = run(text.format(""))
        self.assertIn(".plan_anew = false,", made)
        self.refuse(text.format("-- plan: once\n"), 'x.sql:2: -- plan: is followed by "each time"')

    def test_words_of_c_get_a_tail(self):
        code, made, error = run("-- name: a\n-- in: register text\nDELETE FROM x WHERE r = :register;")
        self.assertEqual(code, 0, error)
        self.assertIn("const char *register_;", made)

    def test_rows_of_an_earlier_statement_share_its_struct(self):
        code, made, error = run("-- name: a\n-- many: b text, c int64?\nSELECT b, c FROM x ORDER BY b;\n"
                                "-- name: d\n-- in: b text\n-- one: rows of a\n"
                                "SELECT b, c FROM x WHERE b = :b;\n")
        self.assertEqual(code, 0, error)
        self.assertIn("sql_d(struct aw_tx *tx, const struct sql_d_in *in, struct aw_arena *arena, "
                      "struct sql_a *ret_row", made)
        self.assertIn(".outs = a_outs,\n\t.out_count = 2,\n\t.row_size = sizeof(struct sql_a),",
                      made.split("d_sql = {")[1])
        self.assertNotIn("struct sql_d {", made)

    def test_each_mistake_names_its_place(self):
        self.refuse("-- name: a\n-- in: b txt\nDELETE FROM x WHERE b = :b;", 'x.sql:2: "txt" is not a type')
        self.refuse("-- name: a\n-- in: b text\nDELETE FROM x WHERE b = :c;", "x.sql:1: \"a\": :c is not in")
        self.refuse("-- name: a\n-- in: b text\nDELETE FROM x;", "declared and never used")
        self.refuse("-- name: a\n-- many: b text\nSELECT b FROM x;", "total ORDER BY")
        self.refuse("-- name: a\nDELETE FROM x; DELETE FROM y;", "one statement only")
        self.refuse("-- name: a\n-- one: b text\n-- many: b text\nSELECT b FROM x;", "x.sql:3: \"a\" has two modes")
        self.refuse("-- name: a\n", "there is no SQL")
        self.refuse("-- name: A-b\nDELETE FROM x;", "x.sql:1: \"A-b\" is not a name")
        self.refuse("DELETE FROM x;", "SQL before the first -- name:")
        self.refuse("-- only words\n", "no statement")
        self.refuse("-- name: a\nDELETE FROM x;\n-- name: a\nDELETE FROM y;", "x.sql:3: \"a\" is also at")
        self.refuse("-- name: a\n-- one: d int64\nSELECT strftime('%s') AS d;", "no date functions")
        self.refuse("-- name: a\n-- one: d int64\nSELECT * FROM x;", "name the columns")
        self.refuse("-- name: a\n-- in: b text,\nDELETE FROM x WHERE b = :b;", "x.sql:3: a list ends with a comma")
        self.refuse("-- name: a\n-- one: rows of b\nSELECT b FROM x;",
                    'x.sql:2: "b" is no earlier statement with rows')
        self.refuse("-- name: b\n-- one: c text\nSELECT c FROM x;\n-- name: a\n-- one: d text\n"
                    "-- one: rows of b\nSELECT c FROM x;", 'x.sql:6: "a" has columns of its own')
        self.refuse("-- name: b\n-- one: c text\nSELECT c FROM x;\n-- name: a\n-- one: rows of b\n"
                    "-- one: d text\nSELECT c FROM x;", 'x.sql:6: "a" has the rows of "b"')
        self.refuse("-- name: a\n-- in: b text, b text\nDELETE FROM x WHERE b = :b;", "named twice")


class Schema(unittest.TestCase):
    def test_types_become_each_engines_own(self):
        code, made, error = run("CREATE TABLE t (\n\ta id NOT NULL PRIMARY KEY, -- text\n\tb text,\n"
                                "\tc flag NOT NULL,\n\td bytes\n);\n", "0001-t.sql", schema=True)
        self.assertEqual(code, 0, error)
        self.assertIn('a INTEGER NOT NULL PRIMARY KEY', made)
        self.assertIn('c INTEGER NOT NULL CHECK (c IN (0, 1))', made)
        self.assertIn(') STRICT', made)
        self.assertIn('b TEXT COLLATE \\"C\\"', made)
        self.assertIn('d BYTEA', made)

    def test_mistakes_name_their_place(self):
        code, made, _ = run("ALTER TABLE t ADD COLUMN a text;\n", "0001-t.sql", schema=True)
        self.assertEqual(code, 0)
        self.assertIn('ADD COLUMN a TEXT COLLATE \\"C\\"', made)
        self.assertNotIn("STRICT", made)
        code, _, error = run("ALTER TABLE t ADD COLUMN a integer;\n", "0001-t.sql", schema=True)
        self.assertIn('0001-t.sql:1: "integer" is not a type', error)
        code, _, error = run("CREATE TABLE t (\n\ta integer\n);\n", "0001-t.sql", schema=True)
        self.assertEqual(code, 1)
        self.assertIn('0001-t.sql:2: "integer" is not a type', error)
        code, _, error = run("CREATE TABLE t (\n\ta id\n);\n", "0002-t.sql", schema=True)
        self.assertIn("0001 is due", error)
        code, _, error = run("CREATE TABLE t (\n\ta id\n)\n", "0001-t.sql", schema=True)
        self.assertIn("does not end with ;", error)


if __name__ == "__main__":
    unittest.main()
