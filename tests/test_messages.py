"""Every error and warning that the sources can report is told by a broken corridor of tests/bad, whose exact text
test_bad.c compares; or by another test, named here."""

import json
import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
PASO = os.environ.get("PASO", "")

ELSEWHERE = {
    "file-size": "more than 16 MiB: tests/test_tree.c, tests/test_table.c",
    "yaml-size": "more than 10,000 keys: tests/test_tree.c",
    "program": "a compiled program that cannot be written: tests/cli/usage.sh",
    "report": "a page that cannot be written: tests/cli/report.sh",
    "store": "a store that cannot be read or written: tests/test_store.c",
}
BY_PREFIX = {"state": "states of members: tests/test_state.c, tests/test_api.c"}
# Words that take an id among their arguments, and the id, which is the first text among them.
CALL = re.compile(r"\b(?:paso_err|paso_error|paso_warn|report|fail)\((?:[^\";{}])*?\"([a-z]+(?:-[a-z0-9]+)*)\",", re.S)


# The public library's own, of usage, that no corridor can tell.
API_CALL = re.compile(r'\b(?:paso_usage\([^,]+|paso_(?:error|warn)\(&[^,]+),'
                      r'\s+"([a-z]+(?:-[a-z]+)*)"', re.S)
API_ELSEWHERE = {"fault": "a run that fails a check: tests/cli/fault.sh"}


def ids_in_sources():
    found = {}
    for part in ("base", "corridor", "program", "engine", "ensemble", "store", "report"):
        for file in sorted((ROOT / "src" / part).glob("*.c")):
            for name in CALL.findall(file.read_text()):
                found.setdefault(name, file.relative_to(ROOT))
    return found


@unittest.skipUnless(PASO, "no command was built")
class Messages(unittest.TestCase):
    def told(self):
        ids = set()
        for folder in sorted((ROOT / "tests" / "bad").iterdir()):
            run = subprocess.run([PASO, "check", folder, "--json"], capture_output=True, text=True)
            ids |= {json.loads(line).get("id") for line in run.stdout.splitlines()}
        return ids

    def test_every_id_has_a_broken_corridor(self):
        sources, told = ids_in_sources(), self.told()
        self.assertGreater(len(sources), 50)
        missing = {name: str(file) for name, file in sources.items() if name not in told and name not in ELSEWHERE
                   and name.split("-")[0] not in BY_PREFIX}
        self.assertEqual(missing, {})

    def test_every_id_of_the_library_is_expected_by_its_test(self):
        sources = [*(ROOT / "src/api").glob("*.c"), *(ROOT / "src/session").glob("*.c")]
        found = {name for file in sources for name in API_CALL.findall(file.read_text())}
        self.assertGreater(len(found), 8)
        test = (ROOT / "tests/test_api.c").read_text()
        self.assertEqual([name for name in sorted(found) if f'"{name}", ' not in test and name not in API_ELSEWHERE], [])

    def test_no_exception_too_many(self):
        told, sources = self.told(), ids_in_sources()
        self.assertEqual([name for name in ELSEWHERE if name in told or name not in sources], [])


if __name__ == "__main__":
    unittest.main()
