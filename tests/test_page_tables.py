"""The tables that the page's engine makes in the browser are those of `paso export` for the same members: every byte of
every format, and the manifest's fields. Exact, so no chance of failing. Needs node and the page's own packages."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(os.environ.get("SOURCE", pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(ROOT / "tests" / "support"))
from packages import packages  # noqa: E402

PASO = os.environ.get("PASO")
NODE = shutil.which("node")
RUNS = {"tutorial": ("as-happened", "more-slots"), "darien": ("as-happened", "visa-for-flights")}
OF_THE_STORE = {"started", "finished", "program_hash", "options", "on_politics"}  # what a page's run has not
MEMBERS, SEED = 12, 7


def printed(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, check=True).stdout


@unittest.skipUnless(PASO and NODE, "needs the command and node")
class Tables(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        modules, reason = packages()
        if reason:
            raise unittest.SkipTest(reason)
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.driver = cls.folder / "tables.mjs"
        subprocess.run([modules / ".bin/esbuild", ROOT / "tests/support/page_tables.ts", "--bundle", "--platform=node", "--format=esm",
                        "--log-level=error", f"--outfile={cls.driver}"], check=True)
        for name, policies in RUNS.items():
            printed(PASO, "site", ROOT / "corridors" / name, cls.folder / name, "--members", 4, "--seed", SEED, "--quiet")
            corridor = json.loads((cls.folder / name / "data/corridor.json").read_text())
            printed(PASO, "run", ROOT / "corridors" / name, "--members", MEMBERS, "--seed", SEED, "--from", corridor["from"],
                    "--until", corridor["until"], "--out", cls.folder / f"{name}.db", "--quiet",
                    *(word for policy in policies for word in ("--policy", policy)))

    def in_browser(self, name, form):
        return printed(NODE, self.driver, self.folder / name / "data", form, MEMBERS, SEED, *RUNS[name])

    def test_every_format(self):
        for name in RUNS:
            for form in ("csv", "json", "hubverse", "hxl"):
                with self.subTest(corridor=name, format=form):
                    command = printed(PASO, "export", self.folder / f"{name}.db", "--format", form)
                    self.assertGreater(command.count(b"\n"), 100)
                    self.assertEqual(self.in_browser(name, form).splitlines(), command.splitlines())

    def test_manifest(self):
        for name in RUNS:
            table = self.folder / f"{name}.csv"
            printed(PASO, "export", self.folder / f"{name}.db", "--out", table, "--quiet")
            command = json.loads((self.folder / f"{name}.csv.manifest.json").read_text())
            page = json.loads(self.in_browser(name, "manifest"))
            with self.subTest(corridor=name):
                self.assertEqual(set(command) - set(page), OF_THE_STORE - set(page))
                for key in set(command) - OF_THE_STORE - {"file", "created", "command", "export_command"}:
                    self.assertEqual((key, page[key]), (key, command[key]))


if __name__ == "__main__":
    unittest.main()
