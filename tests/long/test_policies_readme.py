"""The tables of docs/policies.md are what its two commands print today."""

import os
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(os.environ.get("SOURCE", pathlib.Path(__file__).resolve().parent.parent.parent))
PASO = os.environ.get("PASO")


@unittest.skipUnless(PASO, "no command: set PASO")
class Policies(unittest.TestCase):
    def check(self, *command):
        done = subprocess.run([sys.executable, *command], check=True, capture_output=True, text=True, cwd=ROOT)
        kept = (ROOT / "docs/policies.md").read_text(encoding="utf-8").splitlines()
        printed = [line for line in done.stdout.splitlines() if line.startswith("|")]
        self.assertGreater(len(printed), 10)
        self.assertEqual([line for line in printed if line not in kept], [], "run the command and put its tables in")

    def test_policies(self):
        self.check("tools/policies_table.py", "--members", "300")

    def test_the_package(self):
        self.check("tools/package_table.py")


if __name__ == "__main__":
    unittest.main()
