#!/usr/bin/env python3
"""tools/check_layers.py: what must not be included is refused, and an empty look is a failure."""
import os
import subprocess
import sys
import tempfile
import unittest

CHECKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools",
                       "check_layers.py")


def check(files):
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as out:
                out.write(text)
        done = subprocess.run([sys.executable, CHECKER, root], capture_output=True, text=True,
                              check=False)
        return done.returncode, done.stdout


class Layers(unittest.TestCase):
    def refuse(self, path, line, words):
        code, said = check({path: line + "\n"})
        self.assertEqual(code, 1, said)
        self.assertIn(f"{path}:1", said)
        self.assertIn(words, said)

    def test_what_is_below_is_accepted(self):
        code, said = check({"city/intake/a.c": '#include "city/person/person.h"\n'
                            '#include "db/db.h"\n#include <string.h>\n'})
        self.assertEqual(code, 0, said)

    def test_what_is_above_is_refused(self):
        self.refuse("link/a.c", '#include "db/db.h"', "link may not include db")
        self.refuse("db/a.c", '#include "guard/act.h"', "db may not include guard")
        self.refuse("city/person/a.c", '#include "city/intake/intake.h"', "to its right")

    def test_drivers_stay_home(self):
        self.refuse("guard/a.c", "#include <sqlite3.h>", "belongs to db")
        self.refuse("city/desk/a.c", "#include <libpq-fe.h>", "belongs to db")
        self.refuse("link/a.c", "#include <time.h>", "pure")

    def test_a_bare_name_is_refused(self):
        self.refuse("db/a.c", '#include "db.h"', "is not below src/")

    def test_a_named_test_that_is_not_there_is_refused(self):
        self.refuse("db/a.h", " * Example: tests/db/test_gone.c", "there is no tests/db/test_gone.c")
        self.refuse("db/a.h", " * Example: src/db/a.c", 'the example "src/db/a.c" is no test')

    def test_a_folder_of_no_layer_is_refused(self):
        code, said = check({"misc/a.c": "#include <string.h>\n"})
        self.assertEqual(code, 1)
        self.assertIn("has no place", said)

    def test_seeing_nothing_is_a_failure(self):
        code, said = check({"db/a.c": "int x;\n"})
        self.assertEqual(code, 1)
        self.assertIn("no include seen", said)


if __name__ == "__main__":
    unittest.main()
