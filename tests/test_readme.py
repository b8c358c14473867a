"""The README's blocks of commands run one after the other in a copy of the sources, and each block of output behind one
is what that block prints: the tutorial's to the letter; of the shipped corridor, which its authors go on changing, all
but the figures. PASO_LONG runs them exactly as they are written and builds in the copy, as a newcomer would; otherwise
the program at hand is taken for the built one, with fewer members."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
PASO = os.environ.get("PASO", "")
LONG = os.environ.get("PASO_LONG")

# The tests are not started from inside themselves.
MAKE = """#!/bin/sh
case "$*" in
    test) exec {make} -n test ;;
    *) exec {make} {old} "$@" ;;
esac
"""
FEWER = """#!/bin/sh
case $1 in
    demo | run | compare) exec {paso} "$@" --members 4 ;;
    *) exec {paso} "$@" ;;
esac
"""
FIGURE = re.compile(r"[->]*[0-9][0-9,.]*( to [->]*[0-9][0-9,.]*)?")


def outline(text):
    """The words of a table, line by line, without its figures and what is left out of a list."""
    return [" ".join(FIGURE.sub("#", line).split()) for line in text.split("[...")[0].splitlines()]


def blocks(page):
    """(language, text) of each fenced block"""
    return re.findall(r"^```(\w*)\n(.*?)^```$", page.read_text(), flags=re.S | re.M)


@unittest.skipUnless(PASO, "no command was built")
class Readme(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.copy = pathlib.Path(self.folder.name, "paso")
        shutil.copytree(ROOT, self.copy, ignore=shutil.ignore_patterns("build", ".git", "node_modules", "__pycache__"))
        tools = pathlib.Path(self.folder.name, "tools")
        tools.mkdir()
        self.script(tools / "make", MAKE.format(make=shutil.which("make"), old="" if LONG else "-o all"))
        if not LONG:
            (self.copy / "build").mkdir()
            self.script(self.copy / "build" / "paso", FEWER.format(paso=PASO))
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "PASO"))}
        self.env["PATH"] = f"{tools}:{self.env['PATH']}"

    def script(self, path, text):
        path.write_text(text)
        path.chmod(0o755)

    def run_block(self, text):
        script = re.sub(r"^(.*paso check .*)$", r"\1 || [ $? -eq 3 ]", text, flags=re.M)  # 3: the mistake that is made on purpose
        done = subprocess.run(["bash", "-e", "-c", script], cwd=self.copy, env=self.env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual(done.returncode, 0, f"{text}\n{done.stdout}")
        return done.stdout

    def compare(self, shown, commands, printed):
        if "us-mexico" in commands:
            self.assertIn("\n".join(outline(shown)), "\n".join(outline(printed)))
        else:
            self.assertIn(shown.rstrip("\n"), printed)

    def test_blocks_run_and_print_what_they_show(self):
        commands, printed, n_run = "", "", 0
        for language, text in blocks(ROOT / "README.md"):
            if language == "sh":
                commands, printed, n_run = text, self.run_block(text), n_run + 1
            else:
                self.assertEqual(language, "")
                self.compare(text, commands, printed)
        self.assertGreaterEqual(n_run, 3)
        self.assertTrue((self.copy / "judges.html").stat().st_size > 100000)


if __name__ == "__main__":
    unittest.main()
