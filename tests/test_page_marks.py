"""What the page's data say beside numbers is what the command says: published figures, what rests on politics; and it has
Spanish for whoever sets a lever and for what every number is. Exact, so no chance of failing."""

import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(os.environ.get("SOURCE", pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(ROOT / "tests" / "support"))
from serving import Server  # noqa: E402

PASO = os.environ.get("PASO")
CORRIDORS = ROOT / "corridors"
SAME = {"INM", "COMAR", "EOIR", "USCIS", "HHS", "Nicaragua"}  # in both languages
CLAIM = "claims: [{when: 2023-03, says: 900, by: a newspaper, why: {en: It rounds, es: Redondea}}], headline: true, "


def paso(*words):
    return subprocess.run([PASO, *map(str, words)], capture_output=True, text=True, check=True).stdout


def with_claim(folder):
    copy = pathlib.Path(folder, "told")
    shutil.copytree(CORRIDORS / "tutorial", copy)
    text = (copy / "corridor.yml").read_text()
    changed = text.replace("headline: true, en: Arrivals", CLAIM + "en: Arrivals")
    assert changed != text
    (copy / "corridor.yml").write_text(changed)
    return copy


@unittest.skipUnless(PASO, "needs the command: set PASO")
class Data(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())

    def site(self, corridor, *options):
        out = pathlib.Path(self.folder, f"{pathlib.Path(corridor).name}-site")
        paso("site", corridor, out, "--quiet", "--force", *options)
        return [json.loads((out / "data" / name).read_text()) for name in ("corridor.json", "claims.json")]

    def test_claims_are_those_of_the_command(self):
        corridor = with_claim(self.folder)
        page, found = self.site(corridor, "--members", 6, "--seed", 3)
        said = json.loads(paso("explain", corridor, "--claims", "--format", "json", "--members", 6, "--seed", 3))
        self.assertEqual(found, {"hash": page["hash"], "members": 6, "policy": {"en": "As it happened", "es": "Como ocurrió"}, "claims": said})
        self.assertEqual((said[0]["says"], said[0]["model"] is None, said[0]["series"] is None), (900, False, False))

    def test_served_claims_are_those_of_the_site(self):
        corridor = with_claim(self.folder)
        server = Server(corridor, "--members", "6", "--seed", "3", "--quiet")
        self.addCleanup(server.stop)
        self.assertEqual(server.get("/data/claims.json").json, self.site(corridor, "--members", 6, "--seed", 3)[1])
        text = (corridor / "corridor.yml").read_text().replace("says: 900", "says: 950")
        self.assertEqual(server.post("/api/apply", {"files": [{"file": "corridor.yml", "text": text}]}).status, 200)
        self.assertEqual(server.get("/data/claims.json").json["claims"][0]["says"], 950, "of the text that is shown")

    def test_no_claims(self):
        for corridor, members in ((CORRIDORS / "tutorial", 2), (with_claim(self.folder), 0)):
            page, found = self.site(corridor, "--members", members)
            self.assertEqual(found, {"hash": page["hash"], "members": 0, "policy": None, "claims": []})

    def rests(self, corridor, *words):
        """{policy: observables} that a run marks."""
        store = pathlib.Path(self.folder, "run.db")
        paso("run", corridor, "--members", 1, "--quiet", "--force", "--out", store, *words)
        with sqlite3.connect(store) as db:
            found = {name: [] for name, in db.execute("SELECT name FROM policy")}
            for policy, observable in db.execute("SELECT p.name, o.name FROM rests r JOIN policy p ON p.id = r.policy"
                                                 " JOIN observable o ON o.id = r.observable ORDER BY o.id"):
                found[policy].append(observable)
        return found

    def test_politics_is_marked_as_the_command_marks_it(self):
        corridor = CORRIDORS / "us-mexico"
        page = self.site(corridor, "--members", 0)[0]
        days = ("--from", page["from"], "--until", page["until"])
        names = [p["name"] for p in page["policies"]]
        command = self.rests(corridor, *days, *(word for name in names for word in ("--policy", name)))
        self.assertEqual({name: page["politics"][name]["rests"] for name in names}, command)
        self.assertTrue(command["hard-package"] and not command["as-happened"])
        for lever in page["levers"]:
            self.assertEqual("reaches" in lever, lever["layer"] == "politics", lever["name"])
        for name, value in (("package_law", 1), ("jobs_places", 200000)):
            moved = self.rests(corridor, *days, "--set", f"{name}={value}")["as-happened"]
            lever = next(x for x in page["levers"] if x["name"] == name)
            self.assertEqual(lever["reaches"][page["politics"]["as-happened"]["program"]], moved)

    def test_policies_that_switch_politics_off_have_a_program_of_their_own(self):
        copy = pathlib.Path(self.folder, "variant")
        shutil.copytree(CORRIDORS / "us-mexico", copy)
        with open(copy / "politics.yml", "a") as file:
            file.write("  calm: {en: Calm, es: Calma, base: hard-package, without: [politics]}\n")
        page = self.site(copy, "--members", 0)[0]
        self.assertEqual([page["politics"][name]["program"] for name in ("as-happened", "hard-package", "calm")], [0, 0, 1])
        lever = next(x for x in page["levers"] if x["name"] == "package_law")
        self.assertEqual([len(x) > 0 for x in lever["reaches"]], [True, False])
        self.assertEqual(page["politics"]["calm"]["rests"], [])

    def test_page_and_data_are_of_one_format(self):
        contract = (ROOT / "page/src/contract.ts").read_text()
        known = int(re.search(r"dataFormat = (\d+)", contract).group(1))
        self.assertEqual(self.site(CORRIDORS / "tutorial", "--members", 0)[0]["format"], known)

    def test_spanish_of_levers(self):
        for name in ("us-mexico", "darien", "tutorial"):
            page = self.site(CORRIDORS / name, "--members", 0)[0]
            for lever in page["levers"]:
                for key in ("who", "group"):
                    with self.subTest(corridor=name, lever=lever["name"]):
                        self.assertTrue(lever[key]["en"] and lever[key]["es"])
                        self.assertTrue(lever[key]["es"] != lever[key]["en"] or lever[key]["en"] in SAME, lever[key])
            units = {unit for item in page["levers"] + page["observables"] for unit in re.findall("[a-zA-Z]+", item["unit"])}
            missing = units - set(page["units"]) - {"hour", "day", "days", "week", "month", "year", "years", "date"}
            self.assertEqual(missing, set())

    def test_spanish_of_what_is_told(self):
        for name in ("us-mexico", "us-mexico/capacity.yml", "darien", "tutorial"):
            page = self.site(CORRIDORS / name, "--members", 0)[0]
            for assumption in page["assumptions"]:
                self.assertTrue(assumption["doc"]["en"], assumption["name"])
            for key in ("assumptions", "levers", "policies", "observables", "mechanisms", "claims"):
                for item in page[key]:
                    with self.subTest(corridor=name, item=item["name"]):
                        self.assertTrue(not item["doc"]["en"] or item["doc"]["es"] != item["doc"]["en"], item["doc"])
            for key, source in page["sources"].items():
                self.assertNotRegex(source["by"]["es"], r"^(press|this )| and others", key)


if __name__ == "__main__":
    unittest.main()
