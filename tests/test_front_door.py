"""The scripts of the front door: the tally of tests/run.sh and the packages of tools/deps.sh."""

import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent


def tally(tests):
    """Run tests/run.sh over (name, shell command) pairs; its last line and its exit status."""
    with tempfile.TemporaryDirectory() as folder:
        lines = []
        for name, command in tests:
            lines.append(f'add_test([[{name}]] "/bin/sh" "-c" [[{command}]])')
            lines.append(f"set_tests_properties([[{name}]] PROPERTIES SKIP_RETURN_CODE 77)")
        pathlib.Path(folder, "CTestTestfile.cmake").write_text("\n".join(lines))
        done = subprocess.run([ROOT / "tests/run.sh", folder], capture_output=True, text=True)
        return done.stdout.splitlines()[-1], done.returncode


def check(cases, failures, errors):
    good = 100 * (cases - failures - errors) // max(cases, 1)
    return f"echo '{good}%: Checks: {cases}, Failures: {failures}, Errors: {errors}'"


class Tally(unittest.TestCase):
    def test_single_cases_are_counted(self):
        tests = [
            ("test_a", check(12, 0, 0)),
            ("test_two_suites", check(2, 0, 0) + ";" + check(3, 0, 0)),
            ("test_b.py", "echo 'Ran 5 tests in 0.1s'; echo; echo 'OK (skipped=2, expected failures=1)'"),
            ("cli/c.sh", "true"),
            ("cli/d.sh", "exit 77"),
        ]
        self.assertEqual(tally(tests), ("21 passed, 0 failed, 3 skipped", 0))

    def test_failed_cases_are_counted(self):
        tests = [
            ("test_a", check(12, 2, 1) + "; exit 1"),
            ("test_b.py", "echo 'Ran 5 tests in 0.1s'; echo 'FAILED (failures=1, errors=2, expected failures=1)'; exit 1"),
            ("cli/c.sh", "exit 1"),
        ]
        self.assertEqual(tally(tests), ("11 passed, 7 failed, 0 skipped", 1))

    def test_a_failure_that_the_exit_status_hides(self):
        self.assertEqual(tally([("test_a", check(4, 1, 0))]), ("3 passed, 1 failed, 0 skipped", 1))

    def test_a_crash_after_the_summary(self):
        last, status = tally([("test_a", check(4, 0, 0) + "; kill -SEGV $$")])
        self.assertEqual((last, status), ("4 passed, 1 failed, 0 skipped", 1))

    def test_running_nothing_is_no_success(self):
        self.assertEqual(tally([]), ("0 passed, 0 failed, 0 skipped", 1))
        self.assertEqual(tally([("test_a", check(0, 0, 0))]), ("0 passed, 1 failed, 0 skipped", 1))
        self.assertEqual(tally([("test_b.py", "true")]), ("0 passed, 1 failed, 0 skipped", 1))
        self.assertEqual(tally([("cli/c.sh", "exit 77")]), ("0 passed, 0 failed, 1 skipped", 1))

    def test_a_missing_program_fails(self):
        with tempfile.TemporaryDirectory() as folder:
            text = 'add_test(test_gone "/nowhere/test_gone")\nadd_test(cli/a.sh "true")'
            pathlib.Path(folder, "CTestTestfile.cmake").write_text(text)
            done = subprocess.run([ROOT / "tests/run.sh", folder], capture_output=True, text=True)
        self.assertEqual(done.stdout.splitlines()[-1], "1 passed, 1 failed, 0 skipped")
        self.assertNotEqual(done.returncode, 0)


class Packages(unittest.TestCase):
    """A machine made of stand-ins: dpkg-query, id, sudo and apt-get in a folder of their own."""

    def run_deps(self, installed, user_id, **commands):
        with tempfile.TemporaryDirectory() as folder:
            commands["dpkg-query"] = f'for p; do :; done; case " {installed} " in *" $p "*) printf installed;; *) exit 1;; esac'
            commands["id"] = f"echo {user_id}"
            for name, body in commands.items():
                path = pathlib.Path(folder, name)
                path.write_text(f"#!/bin/sh\n{body}\n")
                path.chmod(0o755)
            for tool in ("mktemp", "rm", "tail", "env"):
                os.symlink(f"/usr/bin/{tool}", pathlib.Path(folder, tool))
            return subprocess.run(
                ["/bin/sh", ROOT / "tools/deps.sh", "build"], env={"PATH": folder}, stdin=subprocess.DEVNULL,
                capture_output=True, text=True)

    ALL = "gcc libc6-dev make cmake pkg-config libfyaml-dev libsqlite3-dev libjansson-dev libmicrohttpd-dev"
    BUT_CMAKE = ALL.replace(" cmake", "")

    def test_nothing_missing_says_nothing(self):
        done = self.run_deps(self.ALL, 1000)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_without_root_the_command_is_printed(self):
        done = self.run_deps(self.BUT_CMAKE, 1000)
        self.assertEqual(done.returncode, 1)
        self.assertIn("missing Debian packages: cmake\n", done.stderr)
        self.assertIn("apt-get update && apt-get install -y --no-install-recommends cmake\n", done.stderr)

    def test_a_failing_installation_shows_its_words_and_the_command(self):
        done = self.run_deps(self.BUT_CMAKE, 0, **{"apt-get": "echo no network; exit 100"})
        self.assertEqual(done.returncode, 1)
        self.assertIn("no network", done.stderr)
        self.assertIn("--no-install-recommends cmake\n", done.stderr)

    def test_an_installation_that_changed_nothing_is_noticed(self):
        done = self.run_deps(self.BUT_CMAKE, 0, **{"apt-get": "exit 0"})
        self.assertEqual(done.returncode, 1)
        self.assertIn("still missing: cmake", done.stderr)


if __name__ == "__main__":
    unittest.main()
