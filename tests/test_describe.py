"""The schema for editors takes every corridor that the checker takes and refuses its commonest mistakes; the
description has every parameter and lever. Needs Debian's python3-jsonschema and python3-yaml for the schema."""

import json
import os
import pathlib
import subprocess
import unittest

try:
    import jsonschema
    import yaml
except ImportError:
    jsonschema = None

ROOT = pathlib.Path(__file__).resolve().parent.parent
PASO = os.environ.get("PASO", "")


def paso(*words):
    return subprocess.run([PASO, *words], capture_output=True, text=True, check=True).stdout


@unittest.skipUnless(PASO, "no command was built")
@unittest.skipUnless(jsonschema, "no python3-jsonschema or python3-yaml")
class Schema(unittest.TestCase):
    def setUp(self):
        schema = json.loads(paso("describe", "--schema"))
        jsonschema.Draft202012Validator.check_schema(schema)
        self.validator = jsonschema.Draft202012Validator(schema)

    def errors(self, text):
        """Every scalar as text, as the reader has it"""
        return [e.message for e in self.validator.iter_errors(yaml.load(text, Loader=yaml.BaseLoader))]

    def test_takes_what_the_checker_takes(self):
        # A folder without corridor.yml is in another layout: flee-example is in Flee's.
        files = [*(f for f in ROOT.glob("corridors/*/*.yml") if (f.parent / "corridor.yml").exists()), *ROOT.glob("tests/corridors/*/*.yml")]
        self.assertGreater(len(files), 8)
        for file in files:
            with self.subTest(file=str(file.relative_to(ROOT))):
                self.assertEqual(self.errors(file.read_text()), [])

    def test_refuses_mistakes(self):
        good = "levers: {l: {value: 1, bounds: [0, 1], unit: 1, who: a, group: b, en: c, es: d}}"
        self.assertEqual(self.errors(good), [])
        for bad in (good.replace("who: a, ", ""), good.replace("value", "valeu"), good.replace("levers", "lever"),
                    "stages: {s: {unit: people, exits: {go: {share: 1}}}}", "clock: {start: 2024-01-01}",
                    "observables: {o: {when: a > b, en: c, es: d}}", "sets: {s: text}",
                    "stages: {s: {unit: people, junction: yes}}"):
            with self.subTest(text=bad):
                self.assertNotEqual(self.errors(bad), [])


@unittest.skipUnless(PASO, "no command was built")
class Description(unittest.TestCase):
    def test_every_parameter_and_lever(self):
        for folder in sorted(file.parent for file in ROOT.glob("corridors/*/corridor.yml")):
            with self.subTest(corridor=folder.name):
                counts = json.loads(paso("check", folder, "--json").splitlines()[-1])
                about = json.loads(paso("describe", folder, "--format", "json"))
                markdown = paso("describe", folder, "--format", "md")
                self.assertEqual(len(about["parameters"]), counts["parameters"])
                self.assertEqual(len(about["levers"]), counts["levers"])
                for item in [*about["parameters"], *about["levers"]]:
                    self.assertIn(f"| `{item['name']}` |", markdown)
                    self.assertTrue(item["unit"] and item["layer"] and item["cells"])
                self.assertTrue(all("source" in p for p in about["parameters"]))
                self.assertTrue(all(len(c["bounds"]) == 2 for l in about["levers"] for c in l["cells"]))

    def test_numbers_are_in_the_written_unit(self):
        about = json.loads(paso("describe", ROOT / "corridors/tutorial", "--format", "json"))
        items = {p["name"]: p for p in [*about["parameters"], *about["levers"]]}
        self.assertEqual(items["road_time"]["cells"], [{"cell": "", "value": 9.0, "range": [7.0, 12.0]}])
        self.assertEqual(items["slots"]["cells"], [{"cell": "", "value": 25.0, "bounds": [0.0, 100.0]}])
        self.assertEqual(items["credible"]["cells"][1], {"cell": "origin=coast", "value": 0.5, "range": [0.35, 0.65]})
        self.assertEqual(items["judges"]["tags"], ["hearing"])
        self.assertEqual(about["places"][1], {"set": "origin", "member": "coast", "lat": 0.3, "lon": -1.1})

    def test_needs_a_folder(self):
        done = subprocess.run([PASO, "describe"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("expected DIR, or --schema", done.stderr)


if __name__ == "__main__":
    unittest.main()
