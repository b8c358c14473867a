"""The manual's examples are one corridor that passes the checker and runs, and it shows every key and function."""

import json
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


def keys_of(schema):
    """All names of properties in a JSON Schema"""
    if isinstance(schema, list):
        return set().union(*map(keys_of, schema))
    if not isinstance(schema, dict):
        return set()
    inner = schema["properties"] if isinstance(schema.get("properties"), dict) else {}
    return set(inner).union(*map(keys_of, schema.values()))


@unittest.skipUnless(PASO, "no command was built")
class Manual(unittest.TestCase):
    def check(self, folder):
        return subprocess.run([PASO, "check", str(folder)], capture_output=True, text=True)

    def test_examples_pass_the_checker(self):
        with tempfile.TemporaryDirectory() as name:
            save_examples(ROOT / "docs" / "language.md", pathlib.Path(name))
            self.assertEqual((self.check(name).returncode, self.check(name).stderr.count("warning")), (0, 0))

    def run_manual(self, *words):
        with tempfile.TemporaryDirectory() as name:
            save_examples(ROOT / "docs" / "language.md", pathlib.Path(name))
            return subprocess.run([PASO, "run", name, "--all", "--strict", *words], capture_output=True, text=True)

    def test_examples_run_under_every_policy(self):
        for policy in ("levers", "as-happened", "more-slots", "closed", "calm", "closed+calm"):
            with self.subTest(policy=policy):
                run = self.run_manual("--members", "2", "--policy", policy)
                self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(self.run_manual("--quick").returncode, 0)

    def test_every_key_and_function_is_shown(self):
        page = (ROOT / "docs" / "language.md").read_text()
        text = "".join(re.findall(r"```yaml\n(.*?)```", page, flags=re.S))
        schema = subprocess.run([PASO, "describe", "--schema"], capture_output=True, text=True).stdout
        keys = keys_of(json.loads(schema))
        self.assertGreater(len(keys), 70)
        self.assertEqual([k for k in sorted(keys) if not re.search(rf"(?<!\w){k}:", text)], [])
        source = (ROOT / "src" / "corridor" / "expr.c").read_text()
        functions = re.findall(r'\{"([a-z]+)", \d', source)
        self.assertGreater(len(functions), 10)
        self.assertEqual([f for f in [*functions, "total"] if f"{f}(" not in text], [])

    def test_tutorial_passes_without_a_warning(self):
        run = self.check(ROOT / "corridors" / "tutorial")
        self.assertEqual((run.returncode, run.stderr.count("warning")), (0, 0))


if __name__ == "__main__":
    unittest.main()
