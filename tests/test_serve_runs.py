"""Runs on the server: what is refused, progress, answers that are those of `paso compare` to the last bit, cancelling, and
a hundred clients who look on. Exact, so no chance of failing."""

import math
import os
import pathlib
import shutil
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

ROOT = pathlib.Path(os.environ.get("SOURCE", pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(ROOT / "tests" / "support"))
from serving import PASO, PATIENCE, Served, Server, request  # noqa: E402

BANDS = ("q05", "q25", "q50", "q75", "q95")
LONG = {"members": 20000, "until": "2083-07-01"}  # of the slow corridor: sixty years, cancelled long before their end


def quantile(values, q):
    at = q * (len(values) - 1)
    low = int(at)
    return values[-1] if low + 1 >= len(values) else values[low] + (at - low) * (values[low + 1] - values[low])


def band(values):
    ordered = sorted(values)
    total = 0.0
    for v in values:
        total += v
    return {**{name: quantile(ordered, q) for name, q in zip(BANDS, (0.05, 0.25, 0.5, 0.75, 0.95))},
            "mean": total / len(values)}


def difference(take, pairs):
    """Of dates in the pairs in which both have one; of a chance there is only the mean."""
    if take == "first":
        pairs = [x for x in pairs if not math.isnan(x)]
    if not pairs:
        return dict.fromkeys((*BANDS, "mean"))
    return {**band(pairs), **(dict.fromkeys(BANDS) if take == "any" else {})}


class Store:
    """A results file as the page has answers."""

    def __init__(self, path):
        self.db = sqlite3.connect(path)
        self.cells = self.db.execute("SELECT o.name, o.id, c.name, c.id, o.take FROM observable o "
                                     "JOIN cell c ON c.observable = o.id").fetchall()
        self.n_cells = {o: sum(c[1] == o for c in self.cells) for (_, o, *_) in self.cells}
        self.cells += [(n, o, "", -1, t) for n, o, t in self.db.execute("SELECT name, id, take FROM observable WHERE total = 1")
                       if self.n_cells[o] > 1]

    def dates(self, observable):
        return [d for (d,) in self.db.execute("SELECT first_day FROM period WHERE observable = ? ORDER BY id", [observable])]

    def summary(self, policy, observable, cell):
        """Lists by statistic; cell -1 is the total, which a single cell is, too."""
        rows = self.db.execute("SELECT q05, q25, q50, q75, q95, mean FROM summary WHERE policy = ? AND observable = ? AND "
                               "cell = ? ORDER BY period", [policy, observable, cell]).fetchall()
        return {name: [row[i] for row in rows] for i, name in enumerate((*BANDS, "mean"))}

    def values(self, policy, observable, cell, n_periods):
        """[member][period]"""
        rows = self.db.execute("SELECT value FROM sample WHERE policy = ? AND observable = ? ORDER BY member",
                               [policy, observable])
        def one(value, cell):
            return struct.unpack_from(f"<{n_periods}d", value, 8 * cell * n_periods)
        if cell >= 0:
            return [one(value, cell) for (value,) in rows]
        return [[sum(x) for x in zip(*(one(value, c) for c in range(self.n_cells[observable])))] for (value,) in rows]


class Answers(Served):
    def compare(self, corridor, policies, until, members, seed, extra=()):
        out = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()), "out.db")
        words = [w for p in policies for w in ("--policy", p)]
        subprocess.run([PASO, "compare", corridor, *words, "--members", str(members), "--until", until, "--seed", seed,
                        "--out", out, "--quiet", *extra], check=True, capture_output=True)
        return Store(out)

    def assert_same(self, answer, store):
        series = {(s["observable"], s["cell"]): s for s in answer["series"]}
        self.assertEqual(set(series), {(name, cell) for name, _, cell, _, _ in store.cells})
        for name, observable, cell, number, take in store.cells:
            with self.subTest(observable=name, cell=cell):
                s = series[name, cell]
                self.assertEqual(s["dates"], store.dates(observable))
                for side, policy in (("base", 0), ("other", 1)):
                    self.assertEqual(s[side], store.summary(policy, observable, number))
                n = len(s["dates"])
                base, other = (store.values(p, observable, number, n) for p in (0, 1))
                pairs = [difference(take, [b[k] - a[k] for a, b in zip(base, other)]) for k in range(n)]
                self.assertEqual(s["difference"], {key: [p[key] for p in pairs] for key in (*BANDS, "mean")})

    def test_same_bits_as_the_command(self):
        policies = ("as-happened", "more-slots")
        store = self.compare("tutorial", policies, "2024-02-01", 37, "7")
        run, last = self.server.finish(request(policies=policies, members=37, until="2024-02-01", seed="7"))
        self.assertEqual(last, {"state": "done", "done": 37, "asked": 37, "share": 1})
        answer = self.server.get(f"/api/runs/{run}/answer").json
        self.assertEqual((answer["members"], answer["asked"], answer["done"]), (37, 37, True))
        self.assert_same(answer, store)

    def test_a_change_is_what_a_policy_sets(self):
        change = ("slots", "", "2023-08-01", 36)
        store = self.compare("tutorial", ("as-happened", "more-slots"), "2023-12-01", 9, "1")
        run, _ = self.server.finish(request(other=[change], members=9))
        self.assert_same(self.server.get(f"/api/runs/{run}/answer").json, store)

    def test_same_numbers_of_the_same_request(self):
        first, again = (self.server.finish(request(members=5))[0] for _ in range(2))
        self.assertNotEqual(first, again)
        self.assertEqual(*(self.server.get(f"/api/runs/{r}/answer").bytes for r in (first, again)))

    def test_no_difference(self):
        run, _ = self.server.finish(request(members=3))
        for s in self.server.get(f"/api/runs/{run}/answer").json["series"]:
            self.assertEqual(s["base"], s["other"])
            self.assertLessEqual(set(s["difference"]["mean"]), {0, None})  # none of dates that never come

    def test_nothing_is_whole(self):
        """Until a few days later no month is over: series without dates, not a mistake."""
        run, last = self.server.finish(request(until="2023-07-05"))
        self.assertEqual(last["state"], "done")
        series = self.server.get(f"/api/runs/{run}/answer").json["series"]
        monthly = [s for s in series if s["observable"] == "arrivals"]
        self.assertTrue(monthly)
        for s in monthly:
            self.assertEqual((s["dates"], s["base"]["mean"], s["difference"]["q95"]), ([], [], []))


class Refused(Served):
    def refused(self, message, path, hint="", **more):
        body = request(**more)
        self.assertEqual(self.server.post("/api/runs", body).error, (400, message, path, hint))

    def test_names(self):
        self.refused('no policy "more-slot"', "base.policy", "did you mean more-slots?", policies=("more-slot", "as-happened"))
        self.refused('no policy ""', "other.policy", policies=("as-happened", ""))
        self.refused('no lever "slot"', "other.changes[0].lever", "did you mean slots?",
                     other=[("slot", "", "2023-08-01", 1)])
        self.refused('no cell "x" of slots', "other.changes[1].cell", 'its cell is ""',
                     other=[("slots", "", "2023-08-01", 1), ("slots", "x", "2023-08-01", 1)])
        long = "é" * 100
        self.refused(f'no policy "{long[:30]}"', "base.policy", policies=(long, "as-happened"))

    def test_values(self):
        for value in (-1, 100.5, 1e308, -1e308):
            found = f"{value:.6g}"
            self.refused(f"expected 0 to 100 people/day, found {found}", "base.changes[0].value",
                         base=[("slots", "", "2023-08-01", value)])
        for value in ("1", None, True, []):
            self.refused("expected a number", "base.changes[0].value", base=[("slots", "", "2023-08-01", value)])

    def test_days(self):
        for day in ("", "2023-02-30", "2023-8-1", "2023-08-01T00:00", "today", "99999-01-01"):
            self.refused(f'expected a date such as 2024-11-05, found "{day}"', "base.changes[0].from",
                         base=[("slots", "", day, 1)])
            self.refused(f'expected a date such as 2024-11-05, found "{day}"', "until", until=day)
        for day in ("2022-12-31", "2030-01-01"):
            self.refused("expected a day of the corridor's clock", "base.changes[0].from", base=[("slots", "", day, 1)])
        for day in ("2023-07-01", "2030-01-01", "0001-01-01"):
            self.refused("expected a day from 2023-07-02 to 2024-07-01", "until", until=day)

    def test_numbers(self):
        for members in (0, -1, 20001, 10**18, 1.5, "4", None):
            self.refused("expected a whole number from 1 to 20000", "members", members=members)
            self.refused("expected a whole number from 1 to 20000", "first", first=members)
        for seed in ("", "-1", "1.5", "x", " 1", "18446744073709551616"):
            self.refused("expected a whole number below 2^64 as a text", "seed", seed=seed)
        self.refused("expected a text", "seed", seed=1)
        self.assertEqual(self.server.finish(request(seed="18446744073709551615"))[1]["state"], "done")

    def test_forms(self):
        good = request()
        for body, message, path in (([], "expected an object", ""), ([1], "expected an object", ""),
                                    ({}, "expected the key base, which is missing", ""),
                                    ({**good, "more": 1}, "expected the keys base, other, members, seed, until, first, hash", "more"),
                                    ({**good, "hash": 1}, "expected a text", "hash"),
                                    ({**good, "base": []}, "expected an object", "base"),
                                    ({**good, "base": {"policy": "x"}}, "expected the key changes, which is missing", "base"),
                                    ({**good, "base": {"policy": 1, "changes": []}}, "expected a text", "base.policy"),
                                    ({**good, "base": {**good["base"], "changes": {}}}, "expected a list", "base.changes"),
                                    ({**good, "other": {**good["other"], "changes": [{}] * 501}},
                                     "expected at most 500 changes, found 501", "other.changes"),
                                    ({**good, "other": {**good["other"], "changes": [1]}}, "expected an object",
                                     "other.changes[0]"),
                                    ({**good, "other": {**good["other"], "parts": []}}, "expected the keys policy, changes",
                                     "other.parts")):
            with self.subTest(message=message, path=path):
                self.assertEqual(self.server.post("/api/runs", body).error, (400, message, path, ""))

    def test_runs_that_are_not_there(self):
        missing = (404, "no such run", "", "the last 16 are kept")
        for name in ("", "0", "0" * 32, "x" * 1000, "..", "%00"):
            for rest in ("", "/answer", "/events"):
                self.assertEqual(self.server.get(f"/api/runs/{name}{rest}").error, missing)
            self.assertEqual(self.server.ask("DELETE", f"/api/runs/{name}").error, missing)
        run, _ = self.server.finish(request())
        self.assertEqual(self.server.get(f"/api/runs/{run[:-1]}").error, missing)
        for rest in ("/", "/nothing", "/answer/"):
            self.assertEqual(self.server.get(f"/api/runs/{run}{rest}").error, (404, "no such address", "", ""))
        self.assertEqual(self.server.post(f"/api/runs/{run}", {}).error, (404, "no such address", "", ""))


def make_slow(folder):
    """The tutorial with a clock of sixty years and few numbers to keep, so that no machine is through before it is cancelled."""
    shutil.copytree(ROOT / "corridors/tutorial", folder)
    text = (folder / "corridor.yml").read_text()
    head, tail = text.split("\nobservables:")
    for old, new in (("end: 2024-06-30", "end: 2083-06-30"),):
        assert old in head, old
        head = head.replace(old, new)
    for old, new in (("data: seen_arrivals, noise: lognormal(0.1), ", ""), ("every: month", "every: year")):
        assert old in tail, old
        tail = tail.replace(old, new)
    (folder / "corridor.yml").write_text(f"{head}\nobservables:{tail}")


class Turns(Served):
    """Queueing and cancelling, behind one run that is long enough to be in the way."""
    options = ("--members", "1", "--threads", "1", "--quiet")

    @classmethod
    def setUpClass(cls):
        home = tempfile.TemporaryDirectory()
        cls.addClassCleanup(home.cleanup)
        cls.corridor = pathlib.Path(home.name, "slow")
        make_slow(cls.corridor)
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        code, errors = cls.server.stop()
        if code != 0 or "error" in errors or "Sanitizer" in errors:
            raise AssertionError(f"exit {code}: {errors}")

    def start(self, **more):
        reply = self.server.post("/api/runs", request(**more))
        self.assertEqual(reply.status, 202, reply.bytes)
        return reply.json["id"]

    def cancel(self, run):
        return self.server.ask("DELETE", f"/api/runs/{run}").json["state"]

    def watch(self, run):
        """A stream that stays open to the test's end: a run that nobody watches any more would end by itself."""
        s = socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE)
        self.addCleanup(s.close)
        s.sendall(f"GET /api/runs/{run}/events HTTP/1.1\r\nHost: {self.server.host}\r\n\r\n".encode())
        return s

    def read(self, s, good):
        seen = ""
        while not good(seen):
            more = s.recv(65536).decode()
            self.assertTrue(more, seen)
            seen += more
        return seen

    def wait_for(self, run, good):
        return self.read(self.watch(run), good)

    def test_cancelling(self):
        long = self.start(**LONG)
        waiting = self.start()
        self.wait_for(long, lambda seen: '"state":"running"' in seen)
        self.assertEqual(self.server.get(f"/api/runs/{waiting}").json,
                         {"state": "queued", "done": 0, "asked": 4, "share": 0})
        nothing = self.server.get(f"/api/runs/{waiting}/answer")
        self.assertEqual((nothing.status, nothing.bytes), (204, b""))
        third = self.start()
        self.assertEqual(self.cancel(waiting), "cancelled")
        self.assertEqual(self.cancel(long), "cancelled")
        self.assertEqual(self.server.events(third)[-1]["state"], "done")
        for run in (long, waiting):
            last = self.server.events(run)[-1]
            self.assertEqual(last["state"], "cancelled")
            self.assertLess(last["done"], last["asked"], "it went on")
            self.assertEqual(self.server.get(f"/api/runs/{run}/answer").status, 204)
            self.assertEqual(self.cancel(run), "cancelled")
            self.assertEqual(self.server.get(f"/api/runs/{run}").status, 404)
        self.assertEqual(self.cancel(third), "done")
        self.assertEqual(self.server.get(f"/api/runs/{third}").status, 404)

    def test_answers_on_the_way(self):
        long = self.start(**LONG)
        self.wait_for(long, lambda seen: '"done":0' in seen and seen.rstrip("}\n0123456789.").count('"done":') > 1
                      and not seen.split('"done":')[-1].startswith("0"))
        part = self.server.get(f"/api/runs/{long}/answer").json
        self.assertEqual(self.cancel(long), "cancelled")
        self.assertEqual((part["asked"], part["done"]), (20000, False))
        self.assertTrue(0 < part["members"] < 20000)
        run, _ = self.server.finish(request(members=part["members"], until=LONG["until"]))
        self.assertEqual(self.server.get(f"/api/runs/{run}/answer").json["series"], part["series"])

    def test_nobody_watches_any_more(self):
        """A run whose watcher left is given up, the one that waits behind it is run; one never watched stays."""
        long = self.start(**LONG)
        left = self.start(**LONG)
        last = self.start()
        for run in (left, long):
            with self.watch(run) as s:
                self.read(s, lambda seen: "data: " in seen)
        self.assertEqual(self.server.events(last)[-1]["state"], "done")
        for run in (long, left):
            state = self.server.get(f"/api/runs/{run}").json
            self.assertEqual(state["state"], "cancelled")
            self.assertLess(state["done"], state["asked"])

    def test_who_left_holds_no_place(self):
        """Eight that wait and that nobody watches any more do not keep out who comes."""
        long = self.start(**LONG)
        self.wait_for(long, lambda seen: '"state":"running"' in seen)
        waiting = [self.start() for _ in range(8)]
        for run in waiting:
            with self.watch(run) as s:
                self.read(s, lambda seen: "data: " in seen)
        for _ in range(PATIENCE):
            reply = self.server.post("/api/runs", request())
            if reply.status == 202:
                break
            self.assertEqual(reply.status, 429)
            threading.Event().wait(1)
        self.assertEqual(reply.status, 202, "they hold their places")
        states = [self.server.get(f"/api/runs/{run}").json["state"] for run in (long, *waiting)]
        self.assertEqual(states[0], "running", "one that is watched goes on")
        self.assertIn("cancelled", states[1:])
        self.cancel(long)
        self.assertEqual(self.server.events(reply.json["id"])[-1]["state"], "done")

    def test_eight_wait(self):
        long = self.start(**LONG)
        self.wait_for(long, lambda seen: '"state":"running"' in seen)
        waiting = [self.start() for _ in range(8)]
        self.assertEqual(self.server.post("/api/runs", request()).error,
                         (429, "8 runs wait already", "", "cancel one, or ask again later"))
        self.assertEqual(self.cancel(waiting[3]), "cancelled")
        waiting.append(self.start())
        self.cancel(long)
        ends = [self.server.events(run)[-1]["state"] for run in waiting]
        self.assertEqual(ends, ["done"] * 3 + ["cancelled"] + ["done"] * 5)

    def test_sixteen_are_kept(self):
        runs = [self.server.finish(request(members=1))[0] for _ in range(18)]
        kept = [self.server.get(f"/api/runs/{run}").status for run in runs]
        self.assertEqual(kept, [404, 404] + [200] * 16)

    def test_sixteen_are_kept_of_those_that_never_ran(self):
        """Behind a run that goes on, runs end that no thread ever works on."""
        long = self.start(**LONG)
        runs = [self.start() for _ in range(3)]
        for run in runs:
            self.cancel(run)
        for _ in range(20):
            runs.append(self.start())
            self.assertEqual(self.cancel(runs[-1]), "cancelled")
        kept = [self.server.get(f"/api/runs/{run}").status for run in runs]
        self.assertEqual(kept, [404] * 7 + [200] * 16)
        self.cancel(long)

    def test_progress_is_no_faster_than_told(self):
        """A stream of a run that lasts has states in order, and its shares never fall."""
        long = self.start(**LONG)
        seen = self.wait_for(long, lambda text: text.count("data: ") > 5)
        self.cancel(long)
        shares = [float(part.split("}")[0]) for part in seen.split('"share":')[1:] if "}" in part]
        self.assertEqual(shares, sorted(shares))

    def test_a_server_ends_in_the_middle(self):
        server = Server(self.corridor, *self.options)
        run = server.post("/api/runs", request(**LONG)).json["id"]
        with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as s:
            s.sendall(f"GET /api/runs/{run}/events HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode())
            seen = b""
            while b'"state":"running"' not in seen:
                seen += s.recv(65536)
            code, errors = server.stop()
            self.assertEqual((code, "Sanitizer" in errors), (0, False), errors)
            while more := s.recv(65536):  # to the stream's end
                seen += more
        states = [part.split('"')[0] for part in seen.decode().split('"state":"')[1:]]
        self.assertEqual(set(states) - {"queued"}, {"running"}, "it is told no end that it did not have")

    def ask_to_watch(self, run):
        """A connection with the first bytes of a run's stream; None when it is turned away."""
        try:
            s = self.watch(run)
            return s if s.recv(64) else None
        except ConnectionError:
            return None

    def test_more_than_it_holds(self):
        """Connections beyond the limit are turned away, the others stay, and later ones are answered."""
        long = self.start(**LONG)
        held = [self.ask_to_watch(long)]
        while held[-1] and len(held) < 300:
            held.append(self.ask_to_watch(long))
        self.assertIsNone(held.pop(), "nobody was turned away")
        self.assertTrue(200 < len(held) <= 256, len(held))  # some of other tests may not be put away yet
        for s in held:
            self.assertTrue(s.recv(64))
            s.close()
        for _ in range(600):
            try:
                self.assertEqual(self.cancel(long), "cancelled")
                return
            except OSError:
                threading.Event().wait(0.1)
        self.fail("it does not answer any more")


class Crowd(Served):
    """A hundred clients read progress while runs go on."""
    options = ("--members", "1")

    def watch(self, run, into, at):
        try:
            into[at] = self.server.events(run)
        except Exception as problem:  # kept for the test's own thread
            into[at] = problem

    def test_nothing_lost_nothing_leaked(self):
        server = self.server
        before = server.files()
        runs = [server.post("/api/runs", request(members=n, until="2024-07-01")).json["id"] for n in (400, 300, 200)]
        seen = [None] * 100
        watchers = [threading.Thread(target=self.watch, args=(runs[i % 3], seen, i)) for i in range(100)]
        for w in watchers:
            w.start()
        for _ in range(20):  # and others who ask for something else
            for run in runs:
                self.assertEqual(server.get(f"/api/runs/{run}").status, 200)
                self.assertIn(server.get(f"/api/runs/{run}/answer").status, (200, 204))
            self.assertEqual(server.post("/api/check", {"files": []}).status, 200)
        gone = socket.create_connection(("127.0.0.1", server.port))  # one who leaves in the middle
        gone.sendall(f"GET /api/runs/{runs[2]}/events HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode())
        gone.close()
        for w in watchers:
            w.join(PATIENCE)
        for i, events in enumerate(seen):
            self.assertIsInstance(events, list, events)
            self.assertEqual((events[-1]["state"], events[-1]["share"]), ("done", 1))
            self.assertEqual(events[-1]["done"], events[-1]["asked"])
            shares = [e["share"] for e in events]
            self.assertEqual(shares, sorted(shares))
            self.assertEqual(len({str(e) for e in events}), len(events), "something was told twice")
        for _ in range(600):  # connections are put away by threads of their own
            if server.files() <= before:
                break
            threading.Event().wait(0.1)
        self.assertLessEqual(server.files(), before)


if __name__ == "__main__":
    unittest.main()
