"""The committed build of the page is what its sources give: built again, every byte is the same; types and plain functions
hold. Skips where node, npm or the packages are missing. Exact, so no chance of failing."""

import gzip
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

PAGE = ROOT / "page"
DIST = PAGE / "dist"
BUDGET = 400_000  # bytes of what every reader loads, compressed, without the map's outlines and the corridor


def files(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


class Build(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        modules, reason = packages()
        if reason:
            raise unittest.SkipTest(reason)
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.copy = pathlib.Path(folder.name, "page")
        shutil.copytree(PAGE, cls.copy, ignore=shutil.ignore_patterns("node_modules", "dist"))
        (cls.copy / "node_modules").symlink_to(modules)

    def run_script(self, *words):
        done = subprocess.run(["npm", *words], cwd=self.copy, env={**os.environ, "SOURCE": str(ROOT)}, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_same_bytes(self):
        self.run_script("run", "build")
        new, old = files(self.copy / "dist"), files(DIST)
        self.assertEqual(sorted(new), sorted(old), "npm run build in page/, and commit page/dist")
        for name, data in new.items():
            self.assertTrue(data == old[name], f"{name} differs: npm run build in page/, and commit page/dist")

    def test_types(self):
        self.run_script("run", "check")

    def test_functions(self):
        self.run_script("test")


class Dist(unittest.TestCase):
    def test_nothing_from_elsewhere(self):
        """Relative addresses only, nothing inline that the content policy refuses."""
        text = (DIST / "index.html").read_text()
        self.assertNotRegex(text, r"(src|href)=\"(https?:)?/")
        self.assertNotRegex(text, r"<script[^>]*>[^<]")
        self.assertNotIn("style=", text)

    def test_size(self):
        loaded = [p for p in DIST.rglob("*") if p.suffix in (".html", ".js", ".css", ".svg")]
        loaded.append(PAGE / "wasm/paso.wasm")
        self.assertLess(sum(len(gzip.compress(p.read_bytes(), 9)) for p in loaded), BUDGET)

    def test_knows_no_corridor(self):
        """No page code names a country or a set of a shipped corridor."""
        for path in sorted((PAGE / "src").rglob("*")):
            if path.is_file():
                text = path.read_text().lower()
                for word in ("mexico", "méxico", "united states", "estados unidos", "us-mexico", "darien", "darién", "honduras", "tutorial"):
                    self.assertNotIn(word, text, path)


if __name__ == "__main__":
    unittest.main()
