"""A second engine: plain, slow and short, written from docs/program.md and src/random only, so that
the engine in C has something to be equal to, bit for bit. One member at a time, one value a row."""

import argparse
import calendar
import datetime
import functools
import math
import operator

from reference_file import RECORDS, load
from reference_random import (ACROSS, BINS, COMMON, DEAL, ENTER, EVENT, EXIT, LASTS, LIMIT, NAN,
                              PARAMETER, SHOCK, SIZE, START, STEP, binomial, deal, divide, exp, log, logistic,
                              normal_quantile, poisson, power, rise, square_root, student, uniform)

FIXED, AT_LEVER, AT_START, AT_EVE, AT_EVENT, AT_DAY, AT_CLOSE = range(7)

# ---------------------------------------------------------------- expressions

PLAIN = {
    0: lambda a: a, 12: lambda a: -a, 13: exp, 14: log, 15: square_root,
    16: lambda a: -a if a < 0.0 else a, 17: logistic,
    1: lambda a, b: a + b, 2: lambda a, b: a - b, 3: lambda a, b: a * b, 4: divide, 5: power,
    6: lambda a, b: float(a < b), 7: lambda a, b: float(a <= b), 8: lambda a, b: float(a > b),
    9: lambda a, b: float(a >= b), 10: lambda a, b: float(a == b), 11: lambda a, b: float(a != b),
    18: lambda a, b: a if a < b else b, 19: lambda a, b: a if a > b else b,
    20: lambda a, b, c: b if a != 0.0 else c, 21: lambda a, b, c: divide(a, b) if b != 0.0 else c,
    22: lambda a, b, c: a + (b - a) * rise(divide(1.0, c)), 23: lambda a, b: a if a == a else b,
}
N_OPERANDS = {code: f.__code__.co_argcount for code, f in PLAIN.items()}
TOTAL, PICK, OP_SHOCK, LAG, MEAN, NUMBER = range(24, 30)


def in_order(values):
    """Their sum, one after another: the built-in may be cleverer"""
    return functools.reduce(operator.add, values)


def row_of(pool, row, how, i):
    return row + (i if how == -1 else 0 if how == -2 else pool[how + i])


def date_of(day):
    return datetime.date.fromordinal(day + 719163)


def take(parts, counts):
    for count, part in zip(counts, parts):
        count[:] = map(operator.sub, count, part)


class Run:
    """One member of a program, day by day"""

    def __init__(self, program, seed, member, known_until):
        self.p, self.seed, self.member, self.known_until = program, seed, member, known_until
        self.v = [0.0] * program.n_rows
        self.eve(program.start)

    def u(self, name, purpose, cell, index):
        return uniform(self.seed, self.member, self.term, name, purpose, cell, index)

    def read(self, row, how, i):
        return self.v[row_of(self.p.pool, row, how, i)]

    def run(self, lists, first, n):
        for op in lists.op[first:first + n]:
            self.v[op.dst:op.dst + op.n] = self.one_op(op, lists.pool, lists.number)

    def one_op(self, op, pool, number):
        v = self.v
        if op.code in PLAIN:
            operands = ((op.a, op.map_a), (op.b, op.map_b), (op.c, op.map_c))[:N_OPERANDS[op.code]]
            return [PLAIN[op.code](*(v[row_of(pool, row, how, i)] for row, how in operands))
                    for i in range(op.n)]
        if op.code == TOTAL:
            result = [0.0] * op.n
            for i in range(op.aux):
                result[row_of(pool, 0, op.map_b, i)] += v[row_of(pool, op.a, op.map_a, i)]
            return result
        if op.code == PICK:
            k = date_of(self.day).month - 1 if op.aux == 12 else (self.day + 3) % 7
            return [v[op.a + pool[op.map_a + i * op.aux + k]] for i in range(op.n)]
        if op.code == OP_SHOCK:
            return self.shock(self.p.shock[op.aux])
        if op.code == NUMBER:
            return number[op.aux:op.aux + op.n]
        return [self.look_back(self.p.ring[op.aux], i, op.code) for i in range(op.n)]

    def shock(self, shock):
        own = [student(lambda k: self.u(shock.hash, SHOCK, i, k), shock.df) for i in range(shock.n)]
        share = self.p.number[shock.common]
        if share == 0.0:
            return own
        both = student(lambda k: self.u(shock.hash, COMMON, 0, k), shock.df)
        return [math.sqrt(1.0 - share) * x + math.sqrt(share) * both for x in own]

    def look_back(self, ring, i, code):
        if code == LAG:
            return self.v[ring.row + (self.day + ring.late) % ring.days * ring.n + i]
        rows = range(ring.row + i, ring.row + ring.days * ring.n, ring.n)
        return in_order(self.v[row] for row in rows) / ring.days

    def eve(self, day):
        p, v = self.p, self.v
        self.day, self.term = day, 0
        for constant in p.constant:
            v[constant.row] = p.number[constant.number]
        for parameter in p.parameter:
            self.draw_parameter(parameter)
        self.run(p, *p.block[FIXED])
        self.levers([c for c in p.schedule.change if c.day <= day][-1])
        self.show_data()
        self.run(p, *p.block[AT_START])
        self.clear_inboxes()
        self.bins = {}
        for s, stage in enumerate(p.stage):
            if not stage.junction:
                self.bins[s] = [self.start_cell(stage, c) for c in range(stage.n_cells)]
        self.write_counts()
        for ring in p.ring:
            for at in range(ring.days * ring.n):
                v[ring.row + at] = self.read(ring.before, ring.before_map, at % ring.n)
        self.run(p, *p.block[AT_EVE])

    # ------------------------------------------------------------ events

    def events(self):
        self.run(self.p, *self.p.block[AT_EVENT])
        for event in self.p.event:
            for c in range(event.n):
                self.event_cell(event, event.row + c, event.left + c, c)

    def event_cell(self, event, size, left, c):
        v, p = self.v, self.p
        v[left] = max(v[left] - 1.0, 0.0)
        if v[left] == 0.0:
            v[size] = 0.0
        for k in range(event.n_dates):
            if p.pool[event.date + k] == self.day:
                v[size] += p.number[event.date_size + k]
                v[left] = max(v[left], self.length(event, c))
        chance = event.rate >= 0 and self.day >= event.chance_from and v[left] == 0.0
        if chance and self.u(event.hash, EVENT, c, 0) < rise(self.read(event.rate, event.rate_map, c)):
            v[size] = self.drawn(event.hash, SIZE, c, event.size_law, event.size, event.size_map,
                                 event.size_sd, event.size_sd_map)
            v[left] = self.length(event, c)

    def length(self, event, c):
        days = self.drawn(event.hash, LASTS, c, event.lasts_law, event.lasts, event.lasts_map,
                          event.lasts_sd, event.lasts_sd_map)
        return max(float(math.ceil(days)), 1.0)

    def drawn(self, name, purpose, c, law, value, value_map, sd, sd_map):
        x = self.read(value, value_map, c) if value >= 0 else 1.0
        if law == 1:
            z = normal_quantile(self.u(name, purpose, c, 0))
            return x * exp(self.read(sd, sd_map, c) * z)
        return -x * log(1.0 - self.u(name, purpose, c, 0)) if law == 2 else x

    def draw_parameter(self, par):
        number = self.p.number
        for i in range(par.n):
            z = normal_quantile(self.u(par.hash, PARAMETER, i if par.each else 0, 0))
            value, bound = number[par.value + i], number[par.value + (2 if z > 0.0 else 1) * par.n + i]
            w = abs(z) / 1.6448536269514722
            if bound == value:
                x = value
            elif par.scale == 1:
                x = value * exp(w * (log(bound) - log(value)))
            elif par.scale == 2:
                low, high = number[par.bound], number[par.bound + 1]
                g = [log(divide(at - low, high - at)) for at in (value, bound)]
                x = low + (high - low) * logistic(g[0] + w * (g[1] - g[0]))
            else:
                x = value + w * (bound - value)
            self.v[par.row + i] = x

    def start_cell(self, stage, c):
        if stage.start < 0:
            return [0.0] * stage.n_bins
        x = self.read(stage.start, stage.start_map, c)
        n = float(math.floor(x + self.u(stage.hash, START, c, 0)))
        if not stage.steps:
            return [n] + [0.0] * (stage.n_bins - 1)
        up_to = [float(math.floor(n * b / stage.steps)) for b in range(stage.steps + 1)]
        return list(map(operator.sub, up_to[1:], up_to))

    def levers(self, change):
        p, v, plan = self.p, self.v, self.p.schedule
        for lever in p.lever:
            v[lever.row:lever.row + lever.n] = p.number[lever.value:lever.value + lever.n]
        for a in plan.assignment[change.first:change.first + change.n]:
            self.run(plan, a.first, a.n_ops)
            v[a.row] = v[a.source] if a.source >= 0 else plan.number[a.number]
        self.run(p, *p.block[AT_LEVER])

    def show_data(self):
        v, date = self.v, date_of(self.day)
        v[0], v[1] = float(self.day), float(calendar.monthrange(date.year, date.month)[1])
        for data in self.p.data:
            i = self.period(data)
            for c in range(data.n):
                v[data.row + c] = NAN if i is None else self.p.number[data.value + i * data.n + c]

    def period(self, data):
        """Which period of the series today shows, or None"""
        n, first = data.n_periods, self.p.pool[data.first_day:data.first_day + data.n_periods + 1]
        if self.day < first[0] or (data.known and self.day >= self.known_until):
            return None
        if self.day < first[n]:
            return max(i for i in range(n) if first[i] <= self.day)
        if data.known or data.after == 0:
            return None
        end, now, days = date_of(first[n]), date_of(self.day), self.day - first[n]
        months = (now.year - end.year) * 12 + now.month - end.month
        past = (days, days // 7, months, now.year - end.year)[data.every]
        return n - 1 if data.after == 1 else n - data.repeat + past % data.repeat

    def one_day(self, day):
        p = self.p
        self.day, self.term = day, day - p.start + 1
        for change in p.schedule.change:
            if change.day == day:
                self.levers(change)
        self.show_data()
        self.clear_inboxes()
        self.events()
        self.run(p, *p.block[AT_DAY])
        for signal in p.signal:
            values = self.v[signal.row:signal.row + signal.n]
            assert all(math.isfinite(x) for x in values), p.name(signal.name)
        for s, stage in enumerate(p.stage):
            if not stage.junction:
                self.leave_stage(s, stage)
        for s in p.junction:
            ready = [[n] for n in self.inbox[s]]
            self.share_exits(p.stage[s], ready, ready)
            assert not any(n for (n,) in ready), "a junction is not empty"
        self.close()

    def exits(self, stage, hazard):
        exits = self.p.exit[stage.first_exit:stage.first_exit + stage.n_exits]
        return [x for x in exits if x.hazard == hazard]

    def leave_stage(self, s, stage):
        count = self.bins[s]
        ready = self.hazard_exits(stage, count)
        if stage.steps:
            for c in range(stage.n_cells):
                self.pass_steps(stage, c, count[c], ready[c])
        self.share_exits(stage, count, ready)
        if stage.enters >= 0:
            for c in range(stage.n_cells):
                rate = self.read(stage.enters, stage.enters_map, c)
                self.inbox[s][c] += poisson(rate, self.u(stage.hash, ENTER, c, 0))

    def hazard_exits(self, stage, count):
        """Draws, cuts and sends; returns who is ready afterwards"""
        exits = self.exits(stage, 1)
        ready = [list(cell) for cell in count]
        came = [[None] * stage.n_cells for _ in exits]
        for c in range(stage.n_cells):
            for j, x in enumerate(self.compete(exits, c, sum(count[c]))):
                parts = [x]
                if stage.n_bins > 1:
                    parts = deal(x, self.u(exits[j].hash, BINS, c, 0), ready[c])
                came[j][c] = parts
                take([parts], [ready[c]])
        for j, x in enumerate(exits):
            taken = self.cut(x, came[j])
            take(taken, count)
            self.send(x, taken)
        return ready

    def compete(self, exits, c, n):
        h = [self.read(x.rate, x.rate_map, c) for x in exits]
        total, drawn, left = in_order(h or [0.0]), [0.0] * len(h), n
        assert n == 0.0 or all(x >= 0.0 for x in h), "a hazard is negative or not a number"
        if n > 0.0 and total > 0.0:
            p = [x / total * rise(total) for x in h]
            suffix = [exp(-total)]
            for x in reversed(p):
                suffix.insert(0, x + suffix[0])
            for j, x in enumerate(exits):
                if p[j] > 0.0 and left > 0.0:
                    drawn[j] = binomial(left, min(p[j] / suffix[j], 1.0), self.u(x.hash, EXIT, c, 0))
                    left -= drawn[j]
        return drawn

    def pass_steps(self, stage, c, count, ready):
        mean, last = self.read(stage.mean, stage.mean_map, c), stage.steps - 1
        p = rise(divide(float(stage.steps), mean))
        ahead = [binomial(n, p, self.u(stage.hash, STEP, c, b)) for b, n in enumerate(ready)]
        for b in range(last):
            count[b] -= ahead[b]
            count[b + 1] += ahead[b]
        ready[:] = [0.0] * last + [ahead[last]]

    def share_exits(self, stage, count, ready):
        """A junction's ready are its counts: the same list twice"""
        for x in self.exits(stage, 0):
            came = [self.come(x, stage, c, ready[c]) for c in range(stage.n_cells)]
            taken = self.cut(x, came)
            for where in [ready] if count is ready else [count, ready]:
                take(taken, where)
            self.send(x, taken)

    def come(self, x, stage, c, ready):
        n, p = sum(ready), 1.0 if x.rest else self.read(x.rate, x.rate_map, c)
        assert n == 0.0 or p == p, "a share is not a number"
        came = binomial(n, p, self.u(x.hash, EXIT, c, 0))
        if came == n:
            return ready
        if stage.steps or stage.n_bins == 1:
            return ready[:-1] + [came]
        return deal(came, self.u(x.hash, BINS, c, 0), ready)

    def cut(self, x, came):
        """came[cell][bin], group by group of cells cut to the limit"""
        taken = [list(cell) for cell in came]
        for g in range(x.n_groups):
            cells = [c for c in range(len(came)) if self.p.pool[x.group + c] == g]
            limit = self.read(x.limit, x.limit_map, g)
            assert limit >= 0.0, "a limit is negative or not a number"
            room = float(math.floor(min(limit, 1e15) + self.u(x.hash, LIMIT, g, 0)))
            if sum(sum(came[c]) for c in cells) > room:
                self.cut_group(x, g, room, cells, taken)
        return taken

    def cut_group(self, x, g, room, cells, taken):
        left = {(c, b): n for c in cells for b, n in enumerate(taken[c])}
        parts = self.p.part[x.part:x.part + x.n_parts] or [RECORDS["part"](0, -1, -1)]
        shares = [self.v[part.share] if part.share >= 0 else 1.0 for part in parts]
        given, total = 0.0, in_order(shares)
        for j, part in enumerate(parts):
            up_to = float(math.floor(room * in_order(shares[:j + 1]) / total + 0.5))
            some = (room if part is parts[-1] else up_to) - given
            served = self.serve(part.kind, some, self.u(x.hash, DEAL, g, j), left)
            for item, n in served.items():
                left[item] -= n
            given += sum(served.values())
        for (c, b), n in left.items():
            taken[c][b] -= n

    @staticmethod
    def serve(kind, room, u, left):
        """even: everybody at once; else bin by bin from the oldest or the newest"""
        bins = sorted({b for _, b in left}, reverse=kind == 1)
        served = {}
        for turn in [bins] if kind == 0 else [[b] for b in bins]:
            items = [item for item in left if item[1] in turn]
            waiting = [left[item] for item in items]
            some = waiting if sum(waiting) <= room else deal(room, u, waiting)
            served |= zip(items, some)
            room -= sum(some)
        return served

    def send(self, x, taken):
        for c, parts in enumerate(taken):
            n = sum(parts)
            self.v[x.flow + c] = n
            if x.to < 0 or n == 0.0:
                continue
            if x.fan >= 0:
                self.fan_out(x, c, n)
            else:
                self.inbox[x.to][self.p.pool[x.to_cell + c]] += n

    def fan_out(self, x, c, left):
        pool = self.p.pool
        pairs = [(pool[x.fan_pair + 2 * k], self.v[pool[x.fan_pair + 2 * k + 1]])
                 for k in range(pool[x.fan + c], pool[x.fan + c + 1])]
        assert all(w >= 0.0 for _, w in pairs) and any(w > 0.0 for _, w in pairs), "unfit weights"
        suffix = [0.0]
        for _, w in reversed(pairs):
            suffix.insert(0, w + suffix[0])
        last = max(k for k, (_, w) in enumerate(pairs) if w > 0.0)
        for k, (cell, w) in enumerate(pairs):
            if w > 0.0 and left > 0.0:
                p = 1.0 if k == last else min(w / suffix[k], 1.0)
                some = binomial(left, p, self.u(x.hash, ACROSS, c, k))
                self.inbox[x.to][cell] += some
                left -= some

    def close(self):
        p = self.p
        for s, stage in enumerate(p.stage):
            if stage.junction:
                continue
            for c, count in enumerate(self.bins[s]):
                moving = stage.age_width and (self.day + 1 - p.start) % stage.age_width == 0
                if moving and len(count) > 1:
                    count[:] = [0.0, *count[:-2], count[-2] + count[-1]]
                count[0] += self.inbox[s][c]
                assert all(n >= 0.0 for n in count), "a count is negative"
        self.write_counts()
        self.run(p, *p.block[AT_CLOSE])
        for ring in p.ring:
            at = ring.row + self.day % ring.days * ring.n
            self.v[at:at + ring.n] = self.v[ring.source:ring.source + ring.n]

    def clear_inboxes(self):
        self.inbox = [[0.0] * stage.n_cells for stage in self.p.stage]

    def write_counts(self):
        for s, stage in enumerate(self.p.stage):
            if s in self.bins:
                for c, count in enumerate(self.bins[s]):
                    at = stage.count + c * stage.n_bins
                    self.v[at:at + stage.n_bins] = count
                    self.v[stage.total + c] = sum(count)
            self.v[stage.inbox:stage.inbox + stage.n_cells] = self.inbox[s]


# ---------------------------------------------------------------- command

def day_number(text):
    """1970-01-01 is day 0"""
    number = text.lstrip("-").isdigit()
    return int(text) if number else datetime.date.fromisoformat(text).toordinal() - 719163


def rows(run):
    """Name and values of what has a name of its own"""
    p = run.p
    for item in p.lever + p.signal:
        yield p.name(item.name), run.v[item.row:item.row + item.n]
    for stage in p.stage:
        row = stage.inbox if stage.junction else stage.total
        yield p.name(stage.name), run.v[row:row + stage.n_cells]
        for x in p.exit[stage.first_exit:stage.first_exit + stage.n_exits]:
            yield p.name(x.name), run.v[x.flow:x.flow + stage.n_cells]


def observables(run):
    for item in run.p.observable:
        run.run(run.p, item.first, item.n_ops)
        yield run.p.name(item.name), run.v[item.row:item.row + item.n]


def trace(program, seed, members, first, until, known_until, what):
    """(day, member, name, cell, value) at each close from the day `first` on"""
    for member in members:
        run = Run(program, seed, member, known_until)
        for day in range(program.start, until):
            run.one_day(day)
            for name, values in what(run) if day >= first else ():
                for cell, value in enumerate(values):
                    yield day, member, name, cell, value


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--members", default="0:1", help="A:B, B not included")
    parser.add_argument("--from", dest="first", type=day_number, help="first printed day")
    parser.add_argument("--until", type=day_number, help="not included")
    parser.add_argument("--known-until", type=day_number, help="default: the clock's now")
    parser.add_argument("--rows", dest="what", action="store_const", const=rows, default=observables)
    parser.add_argument("--observables", dest="what", action="store_const", const=observables)
    given = parser.parse_args()
    program = load(given.program)
    low, high = map(int, given.members.split(":"))
    first = program.start if given.first is None else given.first
    until = program.end if given.until is None else given.until
    known_until = program.now if given.known_until is None else given.known_until
    lines = trace(program, given.seed, range(low, high), first, until, known_until, given.what)
    for day, member, name, cell, value in lines:
        print(date_of(day), member, name, cell, value.hex())


if __name__ == "__main__":
    main()
