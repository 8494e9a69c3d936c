#!/usr/bin/env python3
"""tools/gen_tables.py: what it makes of migrations, and that it never passes over what it cannot read."""
import os
import re
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
GENERATOR = os.path.join(HERE, "..", "..", "tools", "gen_tables.py")


def run(*migrations):
    """(exit code, what it made, what it said)"""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, text in enumerate(migrations, 1):
            paths.append(os.path.join(folder, f"{number:04d}-x.sql"))
            with open(paths[-1], "w", encoding="utf-8") as out:
                out.write(text)
        out = os.path.join(folder, "t.c")
        done = subprocess.run([sys.executable, GENERATOR, out] + paths, capture_output=True,
                              text=True, check=False)
        made = ""
        if os.path.exists(out):
            with open(out, encoding="utf-8") as text:
                made = text.read()
        return done.returncode, made, done.stderr


ONE = "CREATE TABLE a (\n\tid id NOT NULL PRIMARY KEY,\n\tword text -- said\n);\n"


def spans(made):
    """[(name, since, until, filled, columns)]"""
    return [(n, int(s), int(u), f == "true", int(c)) for n, s, u, f, c in re.findall(
        r'\.name = "(\w+)",\n\t\.since = (\d+),\n\t\.until = (\d+),\n\t\.filled = (\w+),\n'
        r"\t\.columns = \w+,\n\t\.column_count = (\d+)", made)]


class Tables(unittest.TestCase):
    def refuse(self, words, *migrations):
        code, made, error = run(*migrations)
        self.assertEqual(code, 1, error)
        self.assertEqual(made, "")
        self.assertIn(words, error)

    def test_an_added_column_begins_a_new_span_and_keeps_the_old_one(self):
        code, made, error = run(ONE, "ALTER TABLE a ADD COLUMN\n\tlater int64;\n")
        self.assertEqual(code, 0, error)
        self.assertEqual(spans(made), [("a", 1, 1, False, 2), ("a", 2, 0, False, 3)])
        self.assertIn('"SELECT id, word, later FROM a"', made)
        self.assertIn('{ "later", 0, AW_SQL_INT64, true }', made)

    def test_a_dropped_table_ends_and_a_filled_one_is_marked(self):
        code, made, error = run(ONE + "INSERT INTO a (id) VALUES (1);\n", "DROP TABLE a;\n" +
                                ONE.replace(" a ", " b "))
        self.assertEqual(code, 0, error)
        self.assertEqual(spans(made), [("a", 1, 1, True, 2), ("b", 2, 0, False, 2)])

    def test_a_parent_comes_before_its_children(self):
        code, made, error = run(
            "CREATE TABLE c (\n\tid id NOT NULL PRIMARY KEY,\n\ta id REFERENCES a (id)\n);\n" + ONE)
        self.assertEqual(code, 0, error)
        self.assertEqual([s[0] for s in spans(made)], ["a", "c"])

    def test_a_key_of_two_columns_is_walked_as_a_pair(self):
        _, made, _ = run("CREATE TABLE p (\n\tx id NOT NULL,\n\ty text NOT NULL,\n"
                         "\tz day,\n\tPRIMARY KEY (y, x)\n);\n")
        self.assertIn('WHERE (y, x) > (?1, ?2)"', made)
        self.assertIn(".key = { 1, 0 }", made)

    def test_what_is_not_understood_is_refused_with_its_place(self):
        self.refuse("0002-x.sql:1", ONE, "ALTER TABLE a RENAME TO b;\n")
        self.refuse("no table", ONE, "ALTER TABLE z ADD COLUMN\n\tlater int64;\n")
        self.refuse("is not a column", "CREATE TABLE a (\n\tid serial NOT NULL PRIMARY KEY\n);\n")
        self.refuse("no primary key", "CREATE TABLE a (\n\tid id NOT NULL\n);\n")
        self.refuse("circle", "CREATE TABLE a (\n\tid id NOT NULL PRIMARY KEY,\n\tb id REFERENCES b "
                    "(id)\n);\nCREATE TABLE b (\n\tid id NOT NULL PRIMARY KEY,\n\ta id REFERENCES a "
                    "(id)\n);\n")
        self.refuse("no table seen", "-- nothing\n")


if __name__ == "__main__":
    unittest.main()
