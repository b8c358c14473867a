"""The manual's examples are one corridor that passes the checker, and README's broken line is told as it says."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
PASO = os.environ.get("PASO", "")


def save_examples(page, folder):
    for kind, text in re.findall(r"```(yaml|csv)\n(.*?)```", page.read_text(), flags=re.S):
        head, body = text.split("\n", 1)
        name = head.removeprefix("# ")
        (folder / name).write_text(text if kind == "yaml" else body)


@unittest.skipUnless(PASO, "no command was built")
class Manual(unittest.TestCase):
    def check(self, folder):
        return subprocess.run([PASO, "check", str(folder)], capture_output=True, text=True)

    def test_examples_pass_the_checker(self):
        with tempfile.TemporaryDirectory() as name:
            save_examples(ROOT / "docs" / "language.md", pathlib.Path(name))
            self.assertEqual((self.check(name).returncode, self.check(name).stderr.count("warning")), (0, 0))

    def test_tutorial_passes_without_a_warning(self):
        run = self.check(ROOT / "corridors" / "tutorial")
        self.assertEqual((run.returncode, run.stderr.count("warning")), (0, 0))


if __name__ == "__main__":
    unittest.main()
