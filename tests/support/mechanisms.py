"""What mechanisms promise, held against paired runs: each lever of each mechanism is moved alone, on top of as-happened,
and its outputs must change as the corridor says, and all that it does not feed must keep its bits."""

import datetime
import json
import math
import os
import pathlib
import sqlite3
import statistics
import struct
import subprocess
import tempfile

PASO = os.environ.get("PASO", "")


def paso(*words):
    run = subprocess.run([PASO, *map(str, words)], capture_output=True, text=True)
    if run.returncode != 0:
        raise AssertionError(run.stderr)
    return run.stdout


def table(corridor):
    return json.loads(paso("explain", corridor, "--mechanisms", "--format", "json"))


def empty_cells(corridor):
    """Cells of the printed table with nothing in them; every mechanism has its row."""
    rows = paso("explain", corridor, "--mechanisms", "--format", "md").splitlines()[2:]
    return len(rows), [row for row in rows if any(cell.strip() in ("", "–") for cell in row.strip("|").split("|")[:-1])]


def moves(corridor):
    return [(x["name"], move) for x in table(corridor) for move in x["moves"]]


def unfed(corridor):
    """Promises about outputs that the compiled program cannot connect with their lever."""
    return [(name, move["set"], then["output"]) for name, move in moves(corridor) for then in move["then"] if not then["fed"]]


def variant(corridor, folder, base):
    """A corridor that includes the other, with one policy for each move."""
    about = json.loads(paso("explain", corridor, "--format", "json"))
    lines = [f"corridor: {about['corridor']}", f"include: [{json.dumps(str(pathlib.Path(corridor).resolve() / 'corridor.yml'))}]",
             "policies:"]
    names = []
    for i, (_, move) in enumerate(moves(corridor)):
        names.append(f"move{i}")
        lines.append(f"  move{i}: {{base: {base}, from: {about['clock']['now']}, en: a, es: a, "
                     f"set: {{{json.dumps(move['set'])}: {json.dumps(move['to'])}}}}}")
    pathlib.Path(folder, "corridor.yml").write_text("\n".join(lines) + "\n")
    return names


class Store:
    """A store of paired runs; values by policy, observable, member."""

    def __init__(self, file):
        self.db = sqlite3.connect(file)
        self.observables = dict(self.db.execute("SELECT name, id FROM observable"))
        self.policies = dict(self.db.execute("SELECT name, id FROM policy"))

    def cells(self, observable):
        return [c for c, in self.db.execute("SELECT name FROM cell WHERE observable = ? ORDER BY id", [self.observables[observable]])]

    def days(self, observable):
        return [d for d, in self.db.execute("SELECT first_day FROM period WHERE observable = ? ORDER BY id",
                                            [self.observables[observable]])]

    def bits(self, policy, observable):
        return [v for v, in self.db.execute("SELECT value FROM sample WHERE policy = ? AND observable = ? ORDER BY member",
                                            [self.policies[policy], self.observables[observable]])]

    def member_sums(self, policy, observable, cells, day):
        """In the period that begins on `day`: the sum over the named cells, member by member."""
        periods, names = self.days(observable), self.cells(observable)
        at = periods.index(day)
        values = [struct.unpack(f"<{len(v) // 8}d", v) for v in self.bits(policy, observable)]
        return [sum(v[c * len(periods) + at] for c, name in enumerate(names) if name in cells) for v in values]


def judge(store, base, policy, name, move):
    """What a move does not keep of its promise, as texts."""
    wrong = []
    for then in move["then"]:
        a, b = (store.member_sums(p, then["observable"], then["cells"], then["first_day"]) for p in (base, policy))
        difference = [y - x for x, y in zip(a, b)]
        mean, error = statistics.fmean(difference), statistics.stdev(difference) / math.sqrt(len(difference))
        if (1 if then["sign"] == "up" else -1) * mean <= 2.5 * error:
            wrong.append(f"{name}: {move['set']} to {move['to']}: {then['output']} {then['sign']} after {then['delay']}: "
                         f"found {mean:.4g} ± {2.5 * error:.3g} on {statistics.fmean(a):.5g}")
    for other in move["feeds"]["not_fed"]:
        if store.bits(base, other) != store.bits(policy, other):
            wrong.append(f"{name}: {move['set']} does not feed {other}, and changes it")
    return wrong


def broken_promises(corridor, members=16, base="as-happened", only=None, before=None):
    """All that the mechanisms of `corridor` promise and paired runs do not show: those named in `only`, and those that show
    before a date, if given. At 2.5 standard errors an output that does not answer passes once in 160 times."""
    with tempfile.TemporaryDirectory() as folder:
        runs = {}
        for policy, (name, move) in zip(variant(corridor, folder, base), moves(corridor)):
            until = max(then["until"] for then in move["then"])
            if (only is None or name in only) and (before is None or until < before):
                runs.setdefault(until, []).append((policy, name, move))
        wrong = []
        for until, chosen in runs.items():
            out = pathlib.Path(folder, "results.db")
            words = [word for policy, _, _ in chosen for word in ("--policy", policy)]
            paso("compare", folder, "--policy", base, *words, "--members", members, "--until", until, "--all", "--quiet",
                 "--force", "--out", out)
            store = Store(out)
            wrong += [text for policy, name, move in chosen for text in judge(store, base, policy, name, move)]
            store.db.close()
        return wrong


def changed_bits(corridor, members=2, base="as-happened", days=60):
    """Each lever in turn goes to an end of its slider: observables that it does not feed, and that change all the same."""
    about = json.loads(paso("explain", corridor, "--format", "json"))
    now = datetime.date.fromisoformat(about["clock"]["now"])
    with tempfile.TemporaryDirectory() as folder:
        lines = [f"corridor: {about['corridor']}", f"include: [{json.dumps(str(pathlib.Path(corridor).resolve() / 'corridor.yml'))}]",
                 "policies:"]
        for i, lever in enumerate(about["levers"]):
            low, high = lever["bounds"]
            to = low if max(lever["default"]) == high else high
            lines.append(f"  move{i}: {{base: {base}, from: {now}, set: {{{lever['name']}: {to:.17g}}}}}")
        pathlib.Path(folder, "corridor.yml").write_text("\n".join(lines) + "\n")
        wrong, out = [], pathlib.Path(folder, "results.db")
        for i, lever in enumerate(about["levers"]):
            paso("compare", folder, "--policy", base, "--policy", f"move{i}", "--members", members, "--until",
                 now + datetime.timedelta(days=days), "--all", "--quiet", "--force", "--out", out)
            store, feeds = Store(out), json.loads(paso("explain", corridor, "--feeds", lever["name"], "--format", "json"))
            wrong += [(lever["name"], o) for o in feeds["not_fed"] if store.bits(base, o) != store.bits(f"move{i}", o)]
            store.db.close()
        return wrong
