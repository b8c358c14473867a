"""Flee folders as people write them: every way to write the same gives the same run, and every mistake is
told with file, row, column and a hint, word by word."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import test_flee_oracle as oracle

PASO = os.environ.get("PASO", "")


def paso(folder, *options):
    return subprocess.run([PASO, "flee", str(folder), *options], capture_output=True, text=True)


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp()) / "s"
        self.addCleanup(shutil.rmtree, self.folder.parent)
        self.fresh()

    def fresh(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        oracle.write_scenario(self.folder, oracle.scenario(
            closures=[("country", "Vale", "Ridge", 2, 8)], corrections=[("Fern", 10)]))

    def edit(self, name, change):
        path = self.folder / name
        path.write_bytes(change(path.read_text() if path.exists() else "").encode())


def every_cell_quoted(text):
    return "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in text.splitlines()) + "\n"


INPUTS = ["input_csv/locations.csv", "input_csv/routes.csv", "input_csv/closures.csv", "input_csv/conflicts.csv",
          "input_csv/registration_corrections.csv", "source_data/data_layout.csv", "source_data/Fern.csv"]
# name: (files, what is done to each); each gives the bits of the plain folder
SAME = {
    "Windows line ends": (INPUTS, lambda t: t.replace("\n", "\r\n")),
    "byte order mark": (INPUTS, lambda t: "\ufeff" + t),
    "quotes": (INPUTS, every_cell_quoted),
    "no last line end": (INPUTS, lambda t: t.rstrip("\n")),
    "blank lines": (INPUTS, lambda t: t.replace("\n", "\n\n")),
    "comments": ([f for f in INPUTS if "conflicts" not in f], lambda t: "# a note\n" + t.replace("\n", "\n#,\n")),
    "blanks around numbers": (INPUTS, lambda t: re.sub(r",(-?[0-9.]+)(?=[,\n])", r", \1 ", t)),
    "blanks around names of conflicts": (["input_csv/conflicts.csv"], lambda t: t.replace(",", " , ")),
    "line ends of old": (INPUTS, lambda t: t.replace("\n", "\r")),
    "a note of two lines": (["input_csv/locations.csv"], lambda t: "".join(
        line + (",note\n" if line.startswith("#") else ',"one\ntwo"\n') for line in t.splitlines())),
    "a place taken out": (["input_csv/locations.csv"], lambda t: t.replace("\nGlen", "\n#Elsewhere,North,Vale,1,2,town,0,9,7,8\nGlen")),
    "other columns": (["input_csv/locations.csv"], lambda t: "".join(
        line + (",water,note\n" if line.startswith("#") else ",3,x y\n") for line in t.splitlines())),
    "attributes nobody reads": (["input_csv/locations.csv"], lambda t: "".join(
        line + (",hdi,initial_idps,conflict_intensity\n" if line.startswith("#") else ",n/a\n" if "camp" in line else ",,n/a\n" if "town" in line else "\n")
        for line in t.splitlines())),
    "other header words": (["input_csv/locations.csv"], lambda t: t.replace("#name,region,country,lat,lon", "# NAME,admin1,ISO,y,x")),
    "dates without zeros": (["source_data/Fern.csv"], lambda t: t.replace("2020-03-01", "2020-3-1")),
    "a header of counts": (["source_data/Fern.csv"], lambda t: "Date,Count\n" + t),
    "a third column of counts": (["source_data/Fern.csv"], lambda t: t.replace("\n", ",UNHCR\n")),
    "a count without a number": (["source_data/Fern.csv"], lambda t: t.replace("2020-03-16", "2020-03-14,\n2020-03-16")),
    "kinds in capitals": (["input_csv/locations.csv"], lambda t: t.replace("conflict_zone", "Conflict_Zone").replace("town", "TOWN")),
    "a link that closes": (["input_csv/closures.csv"], lambda t: t + "link,Nowhere,Fern,0,5\nremove_forced_redirection,Cold,Fern,0,5\n"),
    "closures of another kind": (["input_csv/closures.csv"], lambda t: t + "Country,Vale,Ridge,0,5\nborder,a,b,1,2\n"),
    "a header of the layout": (["source_data/data_layout.csv"], lambda t: "#name,file\n" + t),
    "closures of nobody": (["input_csv/closures.csv"], lambda t: t + "country,Vale,Atlantis,0,5\nlocation,Atlantis,,0,5\n"),
    "dates of towns": (["input_csv/locations.csv"], lambda t: t.replace("town,0,", "town,n/a,")),
    "keys of the period": (["input_csv/sim_period.csv"], lambda t: t.replace("StartDate", "startdate").replace("Length", "LENGTH")),
    "numbers for truth": (["simsetting.yml"], lambda t: t.replace("sum_from_camps: True", "sum_from_camps: 1")),
    "yes for truth": (["simsetting.yml"], lambda t: t.replace("sum_from_camps: True", "sum_from_camps: yes")),
    "truth in quotes": (["simsetting.yml"], lambda t: t.replace("sum_from_camps: True", "sum_from_camps: 'False'")),
    "a setting again": (["simsetting.yml"], lambda t: "move_rules:\n  max_move_speed: 1\n" + t.replace("  max_move", "  max_move_speed: 7\n  max_move")),
    "tabs in comments": (["simsetting.yml"], lambda t: "#\ta note\n" + t),
    "an empty section of conflicts": (["simsetting.yml"], lambda t: t.replace("move_rules:", "  conflict_driven_spawning:\nmove_rules:")),
    "settings at their default": (["simsetting.yml"], lambda t: t + "  awareness_level: 1.5\n  softening: +1_0\n  distance_power: 1e0\n  pruning_threshold:  1.\n"),
    "empty sections": (["simsetting.yml"], lambda t: t + "log_levels:\nnumber_of_steps: 604\n"),
    "a column of nowhere": (["input_csv/conflicts.csv"], lambda t: "".join(
        line + (",Atlantis\n" if line.startswith("#") else ",1\n") for line in t.splitlines())),
    "a comma at the end of the header": (["input_csv/conflicts.csv"], lambda t: t.replace("\n", ",\n", 1)),
}

L, R, C = "input_csv/locations.csv", "input_csv/routes.csv", "input_csv/closures.csv"
X, D, F = "input_csv/conflicts.csv", "source_data/data_layout.csv", "source_data/Fern.csv"


def read_mistakes():
    """(file, from, to, the first message without the folder)"""
    text = (pathlib.Path(__file__).parent / "flee_mistakes.txt").read_text()
    for block in text.split("\n== ")[1:]:
        file, old, new, message = block.split("\n", 3)
        yield file, *(line[2:].replace("\\n", "\n") for line in (old, new)), message.rstrip("\n")


@unittest.skipUnless(PASO, "needs the command")
class Inputs(Folder):
    def test_the_same_written_otherwise(self):
        plain = paso(self.folder, "--format", "csv").stdout
        self.assertEqual(len(plain.splitlines()), 17)
        for name, (files, change) in SAME.items():
            with self.subTest(name):
                self.fresh()
                before = [(self.folder / f).read_bytes() for f in files]
                for file in files:
                    self.edit(file, change)
                self.assertNotEqual([(self.folder / f).read_bytes() for f in files], before)
                done = paso(self.folder, "--format", "csv")
                self.assertEqual((done.returncode, done.stdout), (0, plain), done.stderr)

    def test_mistakes_word_by_word(self):
        for file, old, new, message in read_mistakes():
            with self.subTest(file=file, new=new):
                self.fresh()
                (self.folder / "source_data/late.csv").write_text("2020-03-05,1\n")
                self.assertIn(old, (self.folder / file).read_text() if old else "")
                self.edit(file, lambda text: text.replace(old, new, 1) if old else new)
                if "sum_from_camps" in new:
                    self.edit(D, lambda text: text.replace("total,", "all,"))
                done = paso(self.folder)
                said = [line for line in done.stderr.splitlines() if line.startswith(("  hint", str(self.folder)))]
                first = "\n".join(said[:2 if len(said) > 1 and said[1].startswith("  hint") else 1])
                self.assertEqual((done.returncode, done.stdout), (3, ""))
                self.assertEqual(first.replace(str(self.folder) + "/", ""), message)

    def test_odd_names(self):
        """Names are any text: commas in quotes, letters of any script, and `out.csv` quotes them."""
        for name in ("Fern, East", "Фёрн 1", "a\"b"):
            with self.subTest(name):
                quoted = '"' + name.replace('"', '""') + '"'
                self.fresh()
                for file in (L, R, D, "input_csv/registration_corrections.csv"):
                    self.edit(file, lambda text: text.replace("Fern.csv", "F.csv").replace("Fern", quoted))
                (self.folder / F).rename(self.folder / "source_data/F.csv")
                done = paso(self.folder, "--format", "csv")
                self.assertEqual(done.returncode, 0, done.stderr)
                head = done.stdout.splitlines()[0]
                self.assertIn(f'"{name.replace(chr(34), chr(34) * 2)} sim"' if set(name) & set(',"') else f"{name} sim", head)

    def test_people_in_idp_camps_have_a_column(self):
        self.edit("simsetting.yml", lambda text: text + "log_levels:\n  idp_totals: 1\n")
        rows = [row.split(",") for row in paso(self.folder, "--format", "csv").stdout.splitlines()]
        self.assertEqual(rows[0][-1], "total IDPs")
        self.assertEqual([row[-1] for row in rows[1:]], [row[rows[0].index("Heath sim")] for row in rows[1:]])

    def people(self):
        done = paso(self.folder, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)["people_end"]

    def test_the_first_row_of_the_layout_is_the_total(self):
        """Whatever its name: whose counts stand there do not arrive. 60 people are in camps on day 0."""
        self.edit("input_csv/registration_corrections.csv", lambda text: "")
        self.assertEqual(self.people(), 400)
        self.edit(D, lambda text: "".join(sorted(text.splitlines(True))))  # total comes last
        self.assertEqual(self.people(), 60 + 120 + 40 + 340)
        self.assertIn("warning: Fern: row 1, column 1 (name): the first row is the total", paso(self.folder).stderr)

    def test_a_name_again_in_the_layout(self):
        self.edit("input_csv/registration_corrections.csv", lambda text: "")
        self.edit(D, lambda text: text + "Fern,Glen.csv\n")
        self.assertEqual(self.people(), 400 + 180)
        self.assertIn("warning: Fern: row 5, column 1 (name): the name again", paso(self.folder).stderr)

    def test_the_total_is_corrected_too(self):
        rows = []
        for more in ("", "total,2020-03-16\n"):
            self.edit("input_csv/registration_corrections.csv", lambda text: more)
            rows.append(paso(self.folder, "--format", "csv").stdout.splitlines()[1].split(","))
        self.assertEqual([row[-3] for row in rows], ["120", "460"])  # the camps' 60 and the total's 60, then 400

    def test_the_error_divides_by_what_the_output_says(self):
        """By at least 1 where Flee's output has no people counted, which is where the raw count is 0."""
        self.edit("input_csv/registration_corrections.csv", lambda text: "")
        self.edit("simsetting.yml", lambda text: text.replace("sum_from_camps: True", "sum_from_camps: False"))
        self.edit("source_data/total.csv", lambda text: "2020-03-01,0\n2020-03-03,0\n2020-03-16,400\n")
        rows = [row.split(",") for row in paso(self.folder, "--format", "csv").stdout.splitlines()]
        self.assertEqual(rows[1][-5:-3], ["0", "60"])
        error = 0
        for row in rows[1:]:
            wrong = sum(abs(int(row[2 + 3 * c]) - int(row[3 + 3 * c])) for c in range(3))
            error += wrong / max(1, int(row[-5])) / len(rows[1:])
        self.assertAlmostEqual(json.loads(paso(self.folder, "--json").stdout)["error_normal"], error, 9)
        self.assertGreater(error, 2)

    def test_a_conflict_with_two_columns(self):
        """Flee strings their values together: a day has a value of an earlier row."""
        self.edit("input_csv/registration_corrections.csv", lambda text: "")
        self.edit(X, lambda text: "#Day,Ashford,Ashford\n" + "0,1,0\n" * 16)
        self.edit("simsetting.yml", lambda text: text.replace("move_rules:", "  conflict_driven_spawning:\n"
                  "    displaced_per_conflict_day: 10\nmove_rules:"))
        self.assertEqual(self.people(), 60 + 8 * 10)
        self.assertIn("\"Ashford\" again: Flee takes the values of its columns in turn", paso(self.folder).stderr)

    def test_demographics(self):
        """A file is found by its name up to the next _; weights need to add up only where people set out."""
        shutil.rmtree(self.folder)
        self.folder.mkdir()
        oracle.write_scenario(self.folder, oracle.scenario(people=oracle.demographic, settings={"ChildrenAvoidHazards": True}))
        ages = "input_csv/demographics_age.csv"
        plain = paso(self.folder, "--format", "csv").stdout
        self.edit(ages, lambda text: "".join(line + (",Cold\n" if "age" in line else ",0\n") for line in text.splitlines()))
        (self.folder / ages).rename(self.folder / "input_csv/demographics_age_v2.csv")
        self.assertEqual(paso(self.folder, "--format", "csv").stdout, plain)
        self.edit("input_csv/demographics_age_v2.csv", lambda text: text.replace("Cold", "Ashford"))
        done = paso(self.folder)
        self.assertEqual(done.returncode, 1)
        self.assertIn("day 1: the demographics' weights of Ashford add up to 0, and people set out there", done.stderr)
        self.edit("input_csv/demographics_age_v2.csv", lambda text: text.replace("0.3", "-1", 1))
        self.assertIn("age_v2.csv:2:3: error: Default: row 2, column 2 (Default): expected a weight from 0, found -1", paso(self.folder).stderr)

    def test_wide_awareness_and_great_speed(self):
        """As far as the map goes; ways beyond counting are told."""
        self.edit("simsetting.yml", lambda text: text.replace("200.0", "25000") + "  awareness_level: 50\n")
        self.assertEqual(paso(self.folder).returncode, 0)
        self.edit(R, lambda text: text + "".join(f"{a},{b},9\n" for a in "ABCDEFGHIJKL" for b in "ABCDEFGHIJKL" if a < b))
        self.edit(L, lambda text: text + "".join(f"{a},,Vale,0,0,town,0,0\n" for a in "ABCDEFGHIJKL"))
        self.edit(R, lambda text: text + "Ashford,A,9\n")
        done = paso(self.folder)
        self.assertEqual(done.returncode, 1)
        self.assertIn("more than 300000 ways from one place: lower awareness_level", done.stderr)

    def test_a_place_twice(self):
        """Flee makes two places of it: conflicts begin in the first, and routes lead to the last."""
        self.edit("input_csv/registration_corrections.csv", lambda text: "")
        self.edit(L, lambda text: text.replace("conflict_zone", "town").replace("Ashford", "Ashford,N,Vale,1,1,town,0,900\nAshford", 1))
        self.edit(X, lambda text: "#Day,Ashford\n" + "0,1\n" * 16)
        self.edit("simsetting.yml", lambda text: text + "  camp_movechance: 0\n  idpcamp_movechance: 0\n")
        done = paso(self.folder, "--json", "--curves")
        self.assertIn("locations.csv:3:1: warning: name: row 3, column 1 (name): expected each place once, found \"Ashford\" again", done.stderr)
        o = json.loads(done.stdout)
        self.assertEqual((o["people_end"], sum(camp["mean"][-1] for camp in o["camps"])), (400, 60))
        self.assertEqual(paso(self.folder, "--fixed").returncode, 3)

    def test_a_kind_that_nobody_knows(self):
        """It is left at once, as in Flee."""
        self.edit(L, lambda text: text.replace("Cold,South,Vale,2.0,1.0,town", "Cold,South,Vale,2.0,1.0,village"))
        village = paso(self.folder, "--format", "csv")
        self.assertIn("locations.csv:4:25: warning: location_type: row 4, column 6 (location_type): expected conflict_zone, town, camp, "
                      "idpcamp, forwarding_hub or marker, found \"village\"", village.stderr)
        self.edit(L, lambda text: text.replace("village", "forwarding_hub"))
        self.assertEqual(village.stdout, paso(self.folder, "--format", "csv").stdout)

    def test_blanks_belong_to_names(self):
        """A country with a blank is another country."""
        self.edit(L, lambda text: text.replace("Dale,South,Vale", "Dale,South, Vale"))
        self.edit("simsetting.yml", lambda text: text + "  foreign_weight: 1000.0\n")
        blank = paso(self.folder, "--format", "csv").stdout
        self.edit(L, lambda text: text.replace("Dale,South, Vale", "Dale,South,Vael"))
        self.assertEqual(blank, paso(self.folder, "--format", "csv").stdout)

    def test_a_row_without_a_speed(self):
        """A row that is too short has the speed of the settings; an empty cell is a mistake."""
        self.edit(R, lambda text: "".join(line + (",max_move_speed\n" if line[0] == "#" else "\n") for line in text.splitlines()))
        plain = paso(self.folder, "--format", "csv").stdout
        self.edit(R, lambda text: text.replace("Cold,Fern,210,", "Cold,Fern,210,,200.0"))
        self.assertEqual(plain, paso(self.folder, "--format", "csv").stdout)
        self.edit(R, lambda text: text.replace(",200.0", ","))
        self.assertIn("row 6, column 5 (max_move_speed): expected a number, found \"\"", paso(self.folder).stderr)

    def test_old_folders(self):
        self.edit("simsetting.yml", lambda text: "- a\n")
        self.assertIn("simsetting.yml:1:1: error: expected sections of settings by name, found a list or a text", paso(self.folder).stderr)
        (self.folder / "simsetting.yml").rename(self.folder / "simsetting.csv")
        done = paso(self.folder)
        self.assertEqual(done.returncode, 4)
        self.assertIn("simsetting.csv is of old versions of Flee", done.stderr)
        self.fresh()
        (self.folder / "input_csv/sim_period.csv").rename(self.folder / "input_csv/conflict_period.csv")
        done = paso(self.folder)
        self.assertEqual(done.returncode, 3)
        self.assertIn("conflict_period.csv is its old name", done.stderr)

    def test_counts_in_disorder(self):
        """Told, and read as Flee does: the first later date, and what stands before it."""
        self.edit(F, lambda text: "2020-03-01,20\n2020-03-16,200\n2020-03-11,190\n")
        self.edit("input_csv/registration_corrections.csv", lambda text: "")
        done = paso(self.folder, "--format", "csv")
        self.assertIn("expected dates in order", done.stderr)
        rows = [row.split(",") for row in done.stdout.splitlines()]
        self.assertEqual(rows[6][rows[0].index("Fern data")], "80")


if __name__ == "__main__":
    unittest.main()
