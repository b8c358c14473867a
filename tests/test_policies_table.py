"""docs/policies.md shows the table that tools/policies_table.py makes: its columns and policies; and the copies that the split of
the bands runs on have no ranges but those that they should."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(os.environ.get("SOURCE", pathlib.Path(__file__).resolve().parent.parent))
PASO = os.environ.get("PASO", "build/paso")
sys.path.insert(0, str(ROOT / "tools"))


def rows(text):
    return [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|") and "---" not in line]


class Policies(unittest.TestCase):
    def test_the_document_has_its_rows_and_columns(self):
        done = subprocess.run([sys.executable, ROOT / "tools/policies_table.py", "--members", "2", "--no-split"], check=True, capture_output=True, text=True)
        printed, kept = rows(done.stdout), rows((ROOT / "docs/policies.md").read_text(encoding="utf-8"))
        self.assertIn(printed[0], kept)
        kept = kept[kept.index(printed[0]):][:len(printed)]
        self.assertEqual([r[0] for r in printed], [r[0] for r in kept])
        for new, old in zip(printed[2:], kept[2:]):                   # what no policy moves in any member is 0 in both
            self.assertEqual([], [c for a, b, c in zip(new, old, printed[0]) if b == "0" and a != "0"], new[0])

    def test_the_package_is_taken_apart_as_the_tool_does(self):
        import package_table as package
        text = (ROOT / "docs/policies.md").read_text(encoding="utf-8")
        kept = {r[0]: r for r in rows(text)}
        for part in ("all", *package.PARTS):
            self.assertEqual(len(kept[part]), 2 + len(package.COLUMNS), part)
        self.assertEqual([r for r in kept if re.fullmatch(r"0\.\d+", r)], [str(x) for x in package.ODDS])
        self.assertIn("tools/package_table.py", text)

    def test_ranges_are_shut_layer_by_layer(self):
        import policies_table as table
        table.PASO = PASO
        with tempfile.TemporaryDirectory() as folder:
            for varying in table.RUNS:
                about = json.loads(table.paso("describe", table.shut(folder, varying), "--format", "json", "--quiet"))
                left = {p["layer"] for p in about["parameters"] if any("range" in c for c in p["cells"])}
                self.assertEqual(left, set(varying))


if __name__ == "__main__":
    unittest.main()
