"""A slow second engine for Flee scenarios: one object a person, in Flee's own order of events.

Written from the same description as src/flee, and sharing nothing with it: people decide one after
another and see what those before them did, travel is a recursion, recent travel is an exact number.
It reads a scenario as a dictionary of plain lists (see test_flee_oracle.py), not files.
"""

import copy
import math
import random

DEFAULTS = dict(
    take_from_population=False, insert_day0=True, empty_camps_on_day0=False, sum_from_camps=True,
    conflict_spawn_decay=None, conflict_spawn_decay_interval=30,
    max_move_speed=360.0, max_walk_speed=35.0, foreign_weight=1.0, camp_weight=1.0,
    conflict_weight=1 / 3.16227766017, conflict_movechance=1.0, camp_movechance=0.001,
    idpcamp_movechance=0.1, default_movechance=0.3, awareness_level=1, capacity_buffer=0.9,
    capacity_scaling=1.0, avoid_short_stints=False, start_on_foot=False, softening=10.0,
    distance_power=1.0, weight_softening=0.0, weight_power=1.0, use_pop_for_loc_weight=False,
    pop_power_for_loc_weight=0.1, movechance_pop_base=10000.0, movechance_pop_scale_factor=0.0,
    pruning_threshold=1.0, use_economic_pull=False, ChildrenAvoidHazards=False, BoysTakeRisk=False,
    ElderlyAvoidHazards=False, WomenAvoidHazards=False, conflict_driven_spawning=None,
    stay_close_to_home=False, home_distance_power=0.5, MatchCampEthnicity=False, MatchTownEthnicity=False,
    MatchConflictEthnicity=False, MatchCampReligion=False, avg_religion_fraction=0.25)


def great_circle(a, b):
    """With the second column for the latitude."""
    u, v = math.radians(b.y - a.y) / 2, math.radians(b.x - a.x) / 2
    h = math.sin(u) ** 2 + math.cos(math.radians(a.y)) * math.cos(math.radians(b.y)) * math.sin(v) ** 2
    return 2 * 6371 * math.asin(math.sqrt(h))


class Link:
    def __init__(self, start, end, km, attributes):
        self.start, self.end, self.km, self.closed = start, end, km, False
        self.speed = attributes.get("max_move_speed", 0)
        self.walk = attributes.get("walk_probability", 0)


class Place:
    def __init__(self, row, settings):
        (self.name, self.region, self.country, self.x, self.y, kind, date, size) = row[:8]
        attributes = row[8] if len(row) > 8 else {}
        self.camp, self.idp, self.town, self.marker = False, False, False, kind == "marker"
        self.intensity, self.since, self.capacity, self.pop = -1, -1, -1, size
        self.links, self.closed_links, self.count, self.score = [], [], 0, 1
        self.trade, self.hdi = attributes.get("trade_volume", 0), attributes.get("hdi", 0)
        self.per_day = attributes.get("capacity_per_day", 0)
        self.idps, self.values, self.move = attributes.get("initial_idps", 0), {}, 1.0
        if "camp" in kind:
            self.make_camp("idp" in kind, settings)
            self.capacity, self.pop = size, 0
        elif kind == "conflict_zone" and date <= 0:
            self.intensity, self.move = attributes.get("conflict_intensity", 1.0), settings["conflict_movechance"]
        elif kind in ("conflict_zone", "town"):
            self.make_town(settings)
        if self.move < 0.005 and not self.camp:
            self.camp, self.town = True, False

    def retype(self, kind, settings):
        self.camp = self.idp = self.town = self.marker = False
        self.intensity, self.move = -1, 1.0
        if "camp" in kind:
            self.make_camp("idp" in kind, settings)
        elif kind == "conflict_zone":
            self.intensity, self.move = 1.0, settings["conflict_movechance"]
        elif kind == "town":
            self.make_town(settings)
        else:
            self.marker = kind == "marker"

    def share_of(self, value):
        """People here this morning with a value, by who lives here."""
        return self.values.get(value, 0) / (self.pop if self.pop >= 1 else 1e8)

    def make_town(self, settings):
        self.camp = self.idp = False
        self.town, self.intensity, self.move = True, -1, settings["default_movechance"]

    def make_camp(self, idp, settings):
        self.camp, self.idp, self.town, self.intensity = True, idp, False, -1
        self.move = settings["idpcamp_movechance" if idp else "camp_movechance"]


class Person:
    __slots__ = ("place", "link", "km", "today", "recent", "places", "route", "age", "gender",
                 "ethnicity", "religion")

    def __init__(self, place, age, gender, ethnicity="", religion=""):
        self.place, self.link, self.km, self.today, self.recent = place, None, 0.0, 0.0, 0.0
        self.places, self.route, self.age, self.gender = 1, [], age, gender
        self.ethnicity, self.religion = ethnicity, religion
        place.count += 1


class World:
    def __init__(self, scenario, seed):
        self.random = random.Random(seed)
        self.s = dict(DEFAULTS, **scenario.get("settings", {}))
        self.scenario, self.day, self.people, self.debt = scenario, 0, [], 0
        self.counts = {name: list(rows) for name, rows in scenario["counts"].items()}
        for name, day in scenario.get("corrections", []):
            rows = self.counts[name]
            i = [d for d, _ in rows].index(day)
            factor = rows[i][1] / rows[i - 1][1]
            self.counts[name] = [(d, v * factor) for d, v in rows[:i]] + rows[i:]
        self.places = [Place(row, self.s) for row in scenario["locations"]]
        self.home = self.places[0].country
        self.by_name = {p.name: p for p in self.places}
        for a, b, km, *rest in scenario["routes"]:
            attributes = rest[0] if rest else {}
            for x, y in ((a, b), (b, a)) * (2 if attributes.get("forced") == 1 else 1):
                self.by_name[x].links.append(Link(self.by_name[x], self.by_name[y], km, attributes))
        self.camps = [p for p in self.places if p.camp]
        self.weigh()
        if not self.s["empty_camps_on_day0"]:
            for camp in self.camps:
                self.add(camp, camp.idps + (self.counted(camp.name, 0) if self.s["insert_day0"] else 0))

    # ---- arrivals ----

    def counted(self, name, day):
        rows = self.counts[name]
        if day <= rows[0][0]:
            return int(rows[0][1])
        for (d0, v0), (d1, v1) in zip(rows, rows[1:]):
            if day <= d1:
                return int(v0 + (day - d0) / (d1 - d0) * (v1 - v0))
        return int(rows[-1][1])

    def decay(self, place):
        decay = self.s["conflict_spawn_decay"]
        if not decay:
            return 1.0
        age = (self.day - place.since) // self.s["conflict_spawn_decay_interval"]
        return decay[min(age, len(decay) - 1)]

    def weigh(self):
        self.weights = [p.pop * p.intensity * self.decay(p) if p.intensity > 0 else 0.0 for p in self.places]

    def add(self, place, n):
        for _ in range(n):
            who = self.scenario.get("people", lambda r, place: (30, "male"))(self.random, place.name)
            self.people.append(Person(place, *who))

    def poisson(self, mean):
        n, product = 0, self.random.random()
        while product > math.exp(-mean):
            n, product = n + 1, product * self.random.random()
        return n

    def arrive(self):
        driven = self.s["conflict_driven_spawning"]
        if driven:
            for p in self.places:
                if p.intensity > 0:
                    rate = driven["displaced_per_conflict_day"] * p.intensity
                    if driven["spawn_mode"] == "poisson":
                        self.spawn(p, self.poisson(rate))
                    else:
                        self.spawn(p, int(rate * p.pop if driven["spawn_mode"] == "pop_ratio" else rate))
            return
        names = [n for n in self.scenario["counts"] if n != "total"]
        if self.day == 0:
            summed = self.scenario["counts"] if self.s["sum_from_camps"] else ["total"]
            change = 0 if self.s["empty_camps_on_day0"] else sum(self.counted(n, 0) for n in summed)
        elif not self.s["sum_from_camps"]:
            change = self.counted("total", self.day) - self.counted("total", self.day - 1)
        else:
            change = sum(self.counted(n, self.day) - self.counted(n, self.day - 1) for n in names)
        new = change - self.debt
        if self.day == 0 and self.s["insert_day0"]:
            new = 0
            for camp in self.camps:
                if camp.capacity > 0:
                    camp.capacity -= self.counted(camp.name, 0)
        self.debt = max(0, -new)
        for place in self.random.choices(self.places, self.weights, k=max(0, new)):
            self.spawn(place, 1)

    def spawn(self, place, n):
        self.add(place, n)
        if self.s["take_from_population"]:
            place.pop = max(0, place.pop - n)

    # ---- the day before movement ----

    def conflicts(self):
        changed = False
        for name, kind, day in self.scenario.get("changes", []):
            if day == self.day:
                self.by_name[name].retype(kind, self.s)
        for name, column in self.scenario["conflicts"].items():
            p, now = self.by_name[name], column[self.day]
            before = column[self.day - 1] if self.day > 0 else 0
            if now > 1e-6 > before:
                p.move, p.intensity, p.town, p.since = self.s["conflict_movechance"], now, False, self.day
                changed = True
            elif now < 1e-6 <= before:
                p.move, p.intensity, p.town = self.s["default_movechance"], -1, True
                changed = True
        if changed:
            self.weigh()

    def closures(self):
        for kind, a, b, start, end in self.scenario.get("closures", []):
            for close, day in ((True, start), (False, end)):
                if day == self.day:
                    self.close(kind, a, b, close)

    def close(self, kind, a, b, close):
        if kind in ("camp", "idpcamp"):
            if close:
                self.by_name[a].make_town(self.s)
            else:
                self.by_name[a].make_camp(kind == "idpcamp", self.s)
            return
        for p in self.places:
            source, target = (p.links, p.closed_links) if close else (p.closed_links, p.links)
            for link in list(source):
                x, y = link.start, link.end
                pair = {x.country, y.country} == {a, b} if kind == "country" else a in (x.name, y.name)
                if kind in ("country", "location") and pair:
                    source.remove(link)
                    if close:
                        link.closed = True  # for good, for those who are on it
                        link = copy.copy(link)
                    link.closed = close
                    target.append(link)

    def scores(self):
        for p in self.places:
            p.score = 1.0
            if p.country != self.home:
                if self.s["use_economic_pull"]:
                    p.score += p.trade + p.hdi ** 2
                p.score *= self.s["foreign_weight"]
            if p.camp:
                p.score *= self.s["camp_weight"]
            if p.intensity > 0:
                p.score *= self.s["conflict_weight"] ** (p.intensity * self.decay(p))
            p.capacity += p.per_day

    # ---- one person ----

    def spare(self, p):
        limit = p.capacity * self.s["capacity_scaling"]
        if limit < 1:
            return 1.0
        if p.count >= limit:
            return 0.0
        if p.count <= self.s["capacity_buffer"] * limit:
            return 1.0
        return 1 - (p.count - self.s["capacity_buffer"] * limit) / (limit * (1 - self.s["capacity_buffer"]))

    def attraction(self, person, p):
        s, e, fired = self.s, p.score, False
        if s["ChildrenAvoidHazards"]:
            if person.age < 19:
                e, fired = e * e, True
            if s["BoysTakeRisk"] and person.gender == "male" and person.age > 14:
                e = 1.0
        if s["ElderlyAvoidHazards"] and person.age > 59:
            e, fired = e * e, True
        if s["WomenAvoidHazards"] and person.gender == "female" and not fired:
            e = e * e
        if s["stay_close_to_home"]:
            e /= max(1, great_circle(p, person.place)) ** s["home_distance_power"]
        if p.camp:
            if s["MatchCampEthnicity"]:
                e *= 10 * p.share_of(person.ethnicity)
            if s["MatchCampReligion"]:
                e *= p.share_of(person.religion) / s["avg_religion_fraction"]
        elif s["MatchConflictEthnicity" if p.intensity > 0 else "MatchTownEthnicity"]:
            e *= 10 * p.share_of(person.ethnicity)
        if not p.camp and s["use_pop_for_loc_weight"]:
            e *= max(1, p.pop) ** s["pop_power_for_loc_weight"]
        return e

    def ways(self, person, path, km, step, found):
        end = path[-1]
        if not end.marker:
            s = self.s
            w = (s["weight_softening"] + self.attraction(person, end)) / (s["softening"] + km) ** s["distance_power"]
            found.append(((w * self.spare(end)) ** s["weight_power"], path[1:]))
            if step >= max(1, s["awareness_level"]):
                return
            step += 1
        for link in end.links:
            if link.end not in path[:-1]:
                self.ways(person, path + [link.end], km + link.km, step, found)

    def choose(self, person):
        found = []
        if self.s["awareness_level"] != 0:
            for link in person.place.links:
                self.ways(person, [person.place, link.end], link.km, 1, found)
        if not found:
            return []
        weights = [w for w, _ in found]
        if self.s["pruning_threshold"] >= 1.001:
            weights = [w if w >= max(weights) / self.s["pruning_threshold"] else 0.0 for w in weights]
        if sum(weights) == 0:
            weights = [1.0] * len(found)
        return list(self.random.choices([path for _, path in found], weights)[0])

    def chance(self, person, forced):
        p, s = person.place, self.s
        if person.route or (p.town and forced):
            return 1.0
        size = max(p.pop, p.capacity) / s["movechance_pop_base"]
        return p.move * size ** s["movechance_pop_scale_factor"]

    def decide(self, person, forced):
        if self.random.random() >= self.chance(person, forced):
            return
        if not person.route:
            person.route = self.choose(person)
        if not person.route:
            return
        link = next((x for x in person.place.links if x.end is person.route[0]), None)
        final = person.route[-1]
        if link is None or (final.camp and self.spare(final) < 0.5):
            person.route = []
            return
        person.route.pop(0)
        person.place.count -= 1
        person.place, person.link, person.km = None, link, 0.0

    def travel(self, person):
        s = self.s
        while person.link is not None:
            link = person.link
            speed = link.speed or s["max_move_speed"]
            if s["start_on_foot"] and person.places == 1:
                speed = s["max_walk_speed"]
            if link.walk and self.random.random() < link.walk:
                speed = s["max_walk_speed"]
            person.km += speed
            person.today += speed
            if person.km <= link.km:
                return
            person.places += 1
            person.today -= person.km - link.km
            person.link = None
            person.place = link.start if link.closed else link.end
            person.place.count += 1
            if link.closed or person.today >= speed:
                return
            self.decide(person, s["avoid_short_stints"]
                        and (person.recent + person.today / s["max_move_speed"]) / 2 < 0.5)

    def step(self):
        self.conflicts()
        self.arrive()
        self.weigh()
        self.closures()
        self.weigh()
        self.scores()
        for p in self.places:
            p.values = {}
        for person in self.people:
            for value in (person.ethnicity, person.religion):
                if person.place is not None:
                    person.place.values[value] = person.place.values.get(value, 0) + 1
        for person in self.people:
            if person.link is None:
                self.decide(person, False)
        for person in self.people:
            self.travel(person)
        for person in self.people:
            person.recent = (person.recent + person.today / self.s["max_move_speed"]) / 2
            person.today = 0.0
        self.day += 1


def run(scenario, seed):
    """People in each camp at the end of each day: [day][camp]."""
    world, curve = World(scenario, seed), []
    for _ in range(scenario["days"]):
        world.step()
        curve.append([camp.count for camp in world.camps])
    return curve


def mean_and_deviation(scenario, members):
    runs = [run(scenario, 20_000 + seed) for seed in range(members)]
    out = []
    for day in range(scenario["days"]):
        row = []
        for camp in range(len(runs[0][0])):
            values = [r[day][camp] for r in runs]
            mean = sum(values) / members
            row.append((mean, math.sqrt(sum((v - mean) ** 2 for v in values) / (members - 1))))
        out.append(row)
    return out
