"""The schema for editors takes every corridor that the checker takes and refuses its commonest mistakes; the
description has every parameter and lever. Needs Debian's python3-jsonschema and python3-yaml for the schema."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
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

    def test_how_a_parameter_is_known(self):
        about = json.loads(paso("describe", ROOT / "corridors/us-mexico", "--format", "json"))
        known = {p["name"]: p["known"] for p in about["parameters"]}
        self.assertEqual({n: known[n] for n in ("stop_limit", "retry_t8", "hurry_answer", "quit")},
                         {"stop_limit": "fixed by a source", "retry_t8": "range from a source", "hurry_answer": "assumed, fixed", "quit": "assumed range"})

    def test_what_data_say_of_a_parameter(self):
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder, "tutorial")
            shutil.copytree(ROOT / "corridors/tutorial", copy)
            (copy / "pinned.csv").write_text("parameter,data\nroad_time,weakly\n")
            about = {p["name"]: p for p in json.loads(paso("describe", copy, "--format", "json"))["parameters"]}
            self.assertEqual(about["road_time"]["pinned"], "weakly")
            self.assertNotIn("pinned", about["rest_time"])
            self.assertIn("assumed range; weakly |", paso("describe", copy))


ELEMENTS = ["1 Purpose and patterns", "2 Entities, state variables and scales", "3 Process overview and scheduling", "4 Design concepts", "5 Initialization",
            "6 Input data", "7 Submodels"]
CONCEPTS = ["Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction", "Stochasticity", "Collectives", "Observation"]
NAMED = ("sets", "data", "parameters", "levers", "signals", "events", "stages", "policies", "observables", "sources")


@unittest.skipUnless(PASO, "no command was built")
class Protocol(unittest.TestCase):
    """ODD (Grimm et al. 2020): exactly these names in this order, and nothing of the corridor left out."""

    def corridors(self):
        folders = sorted(file.parent for file in ROOT.glob("corridors/*/corridor.yml"))
        return [(folder, paso("describe", folder, "--format", "odd")) for folder in folders]

    def test_elements_in_order(self):
        for _, text in self.corridors():
            self.assertEqual(re.findall(r"^## (.*)$", text, re.M), ELEMENTS)
            four = text[text.index("## 4 "):text.index("## 5 ")]
            self.assertEqual(re.findall(r"^### (.*)$", four, re.M), CONCEPTS)

    @unittest.skipUnless(jsonschema, "no python3-yaml")
    def test_every_item_is_named(self):
        for folder, text in self.corridors():
            files = [folder / "corridor.yml"]
            for file in files:
                content = yaml.load(file.read_text(), Loader=yaml.BaseLoader)
                files += [folder / name for name in content.get("include", [])]
                missing = [name for section in NAMED for name in content.get(section) or {} if f"`{name}`" not in text]
                self.assertEqual(missing, [], file.name)
                exits = [f"{s}.{x}" for s, stage in (content.get("stages") or {}).items() for x in stage.get("exits", {})]
                self.assertEqual([x for x in exits if f"`{x}`" not in text], [], file.name)

    def test_is_well_formed(self):
        for _, text in self.corridors():
            bars = None
            for line in text.splitlines():
                self.assertEqual(line.count("`") % 2, 0, line)
                n = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else None
                self.assertTrue(bars is None or n in (None, bars), line)
                bars = n
            self.assertNotIn("(null)", text)

    def test_the_day_is_the_manual_s(self):
        manual = (ROOT / "docs/language.md").read_text()
        day = manual[manual.index("1. **Open.**"):manual.index("What each name shows")]
        odd = self.corridors()[0][1]
        self.assertTrue(" ".join(day.split()) in " ".join(odd.split()), "element 3 is not the day of docs/language.md")


if __name__ == "__main__":
    unittest.main()
