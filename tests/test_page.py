"""The page in Debian's Chromium, driven by tests/page/*.mjs: served and static. Each of their tests is counted as one here.
Skips where Chromium, node or the packages are missing. Pictures of the page stay in the build folder, page-pictures."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

ROOT = pathlib.Path(os.environ.get("SOURCE", pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(ROOT / "tests" / "support"))
from packages import packages  # noqa: E402

PASO = os.environ.get("PASO")
CHROMIUM = shutil.which("chromium")
PICTURES = pathlib.Path(os.environ.get("BENCH", ROOT / "build/bench")).parent / "page-pictures"


def run(modules):
    """What node prints, as TAP, and its exit status."""
    words = ["node", "--test-reporter=tap", ROOT / "tests/page/all.mjs"]
    more = {"SOURCE": str(ROOT), "PACKAGES": str(modules), "CHROMIUM": CHROMIUM, "SHOTS": str(PICTURES)}
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, env={**os.environ, **more}, timeout=3000)
    return done.stdout + done.stderr, done.returncode


def results(text):
    """(name, good, what it said) of each test of the file itself; TAP indents tests within tests."""
    parts = re.split(r"^(not ok|ok) \d+ - (.*)$", text, flags=re.M)
    return [(parts[i + 1], parts[i] == "ok", parts[i + 2]) for i in range(1, len(parts) - 1, 3)]


def case(name, check):
    test = unittest.FunctionTestCase(check, description=name)
    test.id = lambda: name
    return test


def load_tests(loader, standard, pattern):
    modules, reason = packages()
    if not (PASO and CHROMIUM):
        reason = "needs the command: set PASO" if not PASO else "needs chromium: tools/deps.sh test"
    if reason:
        def skip():
            raise unittest.SkipTest(reason)
        return unittest.TestSuite([case("page", skip)])
    text, code = run(modules)
    found = results(text)

    def check_of(good, said):
        def check():
            if not good:
                raise AssertionError(said)
        return check

    def ended():
        if not found or (code != 0) != any(not good for _, good, _ in found):
            raise AssertionError(f"exit {code}\n{text}")
    return unittest.TestSuite([*(case(name, check_of(good, said)) for name, good, said in found), case("the end", ended)])


if __name__ == "__main__":
    unittest.main()
