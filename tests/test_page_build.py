"""The committed build of the page is what its sources give: built again, every byte is the same. Skips where node, npm or
the packages are missing. Exact, so no chance of failing."""

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
    def test_same_bytes(self):
        modules, reason = packages()
        if reason:
            self.skipTest(reason)
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder, "page")
            shutil.copytree(PAGE, copy, ignore=shutil.ignore_patterns("node_modules", "dist"))
            (copy / "node_modules").symlink_to(modules)
            done = subprocess.run(["npm", "run", "build"], cwd=copy, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            new, old = files(copy / "dist"), files(DIST)
            self.assertEqual(sorted(new), sorted(old), "npm run build in page/, and commit page/dist")
            for name, data in new.items():
                self.assertTrue(data == old[name], f"{name} differs: npm run build in page/, and commit page/dist")


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
