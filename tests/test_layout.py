"""The shape of the sources: which part may use which, and what library code leaves alone."""

import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent

# What each part may include besides itself. The engine knows no files, no YAML and no store.
MAY_USE = {
    "base": [],
    "random": ["base"],
    "corridor": ["base", "random"],
    "program": ["base", "random", "corridor"],
    "engine": ["base", "random", "program"],
    "ensemble": ["base", "random", "program", "engine"],
    "live": ["base", "random", "program", "engine", "ensemble"],
    "infer": ["base", "random", "corridor", "program", "engine"],
    "flee": ["base", "random", "corridor"],
    "store": ["base", "corridor", "program", "ensemble"],
    "session": ["base", "corridor", "program", "ensemble", "store"],
    "report": ["base", "corridor", "program", "ensemble", "store"],
    "page": ["base", "corridor", "program", "ensemble", "live", "store", "session"],
    "serve": ["base", "corridor", "program", "ensemble", "live", "page"],
    "api": ["base", "corridor", "program", "ensemble", "store", "session", "report"],
}
# Ending the process, talking and catching signals are the command's business.
FORBIDDEN = re.compile(r"\b(?:exit|_exit|abort|printf|puts|putchar|perror|signal|sigaction|srand|rand)\s*\(")
LINES_AT_MOST = 800
FUNCTION_LINES_AT_MOST = 60
EXCUSE = "Longer than our limit"  # in the comment before a table or switch that no cut would make clearer


def sources(part):
    return sorted(p for p in (ROOT / "src" / part).glob("*.[ch]"))


def without_comments_and_strings(text):
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', " ", text, flags=re.S)


def functions(path):
    """(first line, number of lines, comment before it) of each; clang-format puts both braces at known places."""
    lines = path.read_text().splitlines()
    for i, line in enumerate(lines):
        if not line.endswith("{") or line.startswith(("#", " *")) or ")" not in line:
            continue
        first = i
        while first > 0 and lines[first].startswith(" "):
            first -= 1
        if any(above.endswith(("{", ";")) for above in lines[first:i]):
            continue  # the brace of something inside
        if not re.match(r"[A-Za-z_]", lines[first]) or not re.search(r"\w\(", lines[first]):
            continue
        last = next((j for j in range(i, len(lines)) if lines[j] == "}"), None)
        if last is not None and "}" not in lines[i + 1:last]:
            before = first
            while before > 0 and lines[before - 1].strip():
                before -= 1
            yield first + 1, last - first + 1, "\n".join(lines[before:first])


class Layout(unittest.TestCase):
    def test_arrows_point_one_way(self):
        for part, allowed in MAY_USE.items():
            for path in sources(part):
                for used in re.findall(r'^\s*#\s*include\s+"(\w+)/', path.read_text(), flags=re.M):
                    with self.subTest(file=str(path.relative_to(ROOT)), uses=used):
                        self.assertIn(used, [part, "paso", *allowed])

    def test_every_part_has_its_arrows(self):
        parts = {p.name for p in (ROOT / "src").iterdir() if p.is_dir() and any(p.glob("*.c"))}
        self.assertLessEqual(parts - {"cli"}, set(MAY_USE))

    def test_library_neither_talks_nor_ends_the_process(self):
        for part in MAY_USE:
            for path in sources(part):
                with self.subTest(file=str(path.relative_to(ROOT))):
                    found = FORBIDDEN.findall(without_comments_and_strings(path.read_text()))
                    self.assertEqual(found, [])

    def test_files_stay_readable(self):
        for path in sorted(ROOT.glob("src/*/*.[ch]")):
            with self.subTest(file=str(path.relative_to(ROOT))):
                self.assertLess(len(path.read_text().splitlines()), LINES_AT_MOST)

    def test_functions_stay_readable(self):
        lengths = []
        for path in sorted(ROOT.glob("src/*/*.[ch]")):
            for line, length, comment in functions(path):
                lengths.append((length, f"{path.relative_to(ROOT)}:{line}"))
                with self.subTest(function=lengths[-1][1]):
                    self.assertTrue(length <= FUNCTION_LINES_AT_MOST or EXCUSE in comment, f"{length} lines")
        lengths.sort(reverse=True)
        middle = lengths[len(lengths) // 2][0]
        print(f"{len(lengths)} functions, median {middle} lines, longest:", *(f"{n} {at}" for n, at in lengths[:5]))
        self.assertGreater(len(lengths), 500)

    @unittest.skipUnless("BENCH" in os.environ, "needs the build folder")
    def test_exported_names_carry_the_prefix(self):
        library = pathlib.Path(os.environ["BENCH"]).parent / "libpaso.a"
        listing = subprocess.run(["nm", "-g", "--defined-only", "-f", "posix", library],
                                 capture_output=True, text=True, check=True).stdout
        # A sanitizer adds names of its own, all of which begin with two underscores.
        names = [line.split()[0] for line in listing.splitlines() if len(line.split()) > 1]
        self.assertEqual([n for n in names if not n.startswith(("paso_", "__", ".gomp_"))], [])
        self.assertTrue(names)


if __name__ == "__main__":
    unittest.main()
