"""The packages of the page's package-lock.json: those that `npm ci` put into page/, or the same in the build folder, fetched
once. Tests that need them skip where they are not to be had."""

import fcntl
import os
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(os.environ.get("SOURCE", pathlib.Path(__file__).resolve().parent.parent.parent))
PAGE = ROOT / "page"


def fetch(folder):
    """A reason why not, or None."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PAGE / name, folder)
    command = ["npm", "ci", "--no-audit", "--no-fund", "--prefer-offline"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    except subprocess.TimeoutExpired:
        return "npm ci: no answer"
    return f"npm ci: {done.stderr.strip()[-200:]}" if done.returncode else None


def packages():
    """(path of node_modules, None), or (None, reason)."""
    if not (shutil.which("node") and shutil.which("npm")):
        return None, "needs node and npm: tools/deps.sh test"
    if (PAGE / "node_modules").exists():
        return PAGE / "node_modules", None
    folder = pathlib.Path(os.environ.get("BENCH", ROOT / "build/bench")).parent / "page-packages"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        whole = folder / "of.json"  # the lock file that was installed whole
        if not (whole.exists() and whole.read_bytes() == (PAGE / "package-lock.json").read_bytes()):
            reason = fetch(folder)
            if reason:
                return None, f"the packages are not to be had: {reason}"
            shutil.copy(PAGE / "package-lock.json", whole)
    return folder / "node_modules", None
