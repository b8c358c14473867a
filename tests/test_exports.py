"""What the library shows: exactly the functions that include/paso declares, and headers that stand alone."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEADERS = sorted((ROOT / "include/paso").glob("*.h"))


def declared():
    text = re.sub(r"/\*.*?\*/", " ", "".join(h.read_text() for h in HEADERS), flags=re.S)
    return set(re.findall(r"^PASO_API\b[^;(]*?\b(\w+)\(", text, flags=re.M))


@unittest.skipUnless("BENCH" in os.environ, "needs the build folder")
class Exports(unittest.TestCase):
    build = pathlib.Path(os.environ.get("BENCH", ".")).parent

    def test_shared_library_shows_what_is_declared_and_nothing_else(self):
        listing = subprocess.run(["nm", "-D", "--defined-only", "-f", "posix", self.build / "libpaso.so"],
                                 capture_output=True, text=True, check=True).stdout
        exported = {line.split()[0] for line in listing.splitlines()}
        self.assertEqual(exported, declared())
        self.assertGreater(len(exported), 60)
        self.assertEqual([n for n in exported if not n.startswith("paso_")], [])


class Headers(unittest.TestCase):
    def test_umbrella_includes_every_part(self):
        named = set(re.findall(r"#include <paso/(\w+\.h)>", (ROOT / "include/paso/paso.h").read_text()))
        self.assertEqual(named, {h.name for h in HEADERS} - {"paso.h"})

    def test_every_header_stands_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder, "one.c")
            for header in HEADERS:
                with self.subTest(header=header.name):
                    source.write_text(f"#include <paso/{header.name}>\nint one;\n")
                    done = subprocess.run(["cc", "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
                                           "-fsyntax-only", "-I", ROOT / "include", source],
                                          capture_output=True, text=True)
                    self.assertEqual(done.stderr, "")

    def test_every_function_is_documented(self):
        """A comment stands above each function, or above the lines that it stands with."""
        for header in HEADERS:
            for block in re.split(r"\n\s*\n", header.read_text()):
                for name in re.findall(r"^PASO_API\b[^;(]*?\b(\w+)\(", block, flags=re.M):
                    with self.subTest(function=name):
                        self.assertIn("/*", block[:block.index(name + "(")])


if __name__ == "__main__":
    unittest.main()
