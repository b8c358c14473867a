"""Corridors, their runs, and the states that runs fork from."""

import ctypes
import os
import weakref

from . import library
from .dates import to_date, to_day
from .errors import PasoError, Record
from .library import C, raw, text
from .results import Results
from .table import Table


def load(path):
    """Reads and checks a corridor folder or file; raises PasoError with every mistake."""
    return Corridor(path)


class Corridor:
    """A checked corridor. It, and what is made from it, belong to one thread at a time."""

    def __init__(self, path):
        handle = ctypes.c_void_p()
        with Record() as record:
            record.check(C.paso_corridor_open(raw(path), record.handle, ctypes.byref(handle)))
            self.warnings = record.messages()
        self._handle = handle.value
        weakref.finalize(self, C.paso_corridor_free, self._handle)
        self.name = text(C.paso_corridor_name(self._handle))
        self.title = text(C.paso_corridor_title(self._handle, False))
        self.title_es = text(C.paso_corridor_title(self._handle, True))
        self.hash = text(C.paso_corridor_hash(self._handle))
        clock = C.paso_corridor_clock(self._handle)
        self.start, self.now, self.end = (to_date(d) for d in (clock.start, clock.now, clock.end))

    def __repr__(self):
        return f"<paso.Corridor {self.name}>"

    # ---- what it contains

    def _text(self, kind, i, about):
        return text(C.paso_corridor_text(self._handle, kind, i, about))

    def _items(self, kind, **extra):
        rows = Table()
        for i in range(C.paso_corridor_count(self._handle, kind)):
            row = {"name": self._text(kind, i, library.NAME), "en": self._text(kind, i, library.LABEL),
                   "es": self._text(kind, i, library.LABEL_SPANISH)}
            row.update({key: self._text(kind, i, about) for key, about in extra.items()})
            row["doc"] = self._text(kind, i, library.DOC)
            rows.append(row)
        return rows

    def _cells(self, kind, i):
        buffer = ctypes.create_string_buffer(512)
        for cell in range(C.paso_corridor_cells(self._handle, kind, i)):
            C.paso_corridor_cell(self._handle, kind, i, cell, buffer, len(buffer))
            yield text(buffer.value)

    def _numbers(self, kind, **extra):
        rows = Table()
        for i, item in enumerate(self._items(kind, unit=library.UNIT, layer=library.LAYER, source=library.SOURCE, **extra)):
            n = C.paso_corridor_cells(self._handle, kind, i)
            value, low, high = ((ctypes.c_double * n)() for _ in range(3))
            C.paso_corridor_values(self._handle, kind, i, value, low, high)
            for k, cell in enumerate(self._cells(kind, i)):
                rows.append({"name": item["name"], "cell": cell, "value": value[k], "low": low[k], "high": high[k],
                             **{key: item[key] for key in item if key != "name"}})
        return rows

    @property
    def policies(self):
        """Name, labels, base."""
        return self._items(library.POLICY, base=library.BASE)

    @property
    def levers(self):
        """A row for each cell: default, bounds, unit, who decides."""
        return self._numbers(library.LEVER, who=library.WHO, group=library.GROUP)

    @property
    def parameters(self):
        """A row for each cell: median, 5 % and 95 % points, unit, source."""
        return self._numbers(library.PARAMETER)

    @property
    def observables(self):
        """Name, labels, unit, period, whether it is shown first, and its cells."""
        rows = self._items(library.OBSERVABLE, unit=library.UNIT, every=library.EVERY, take=library.TAKE)
        for i, row in enumerate(rows):
            row["headline"] = C.paso_corridor_headline(self._handle, i)
            row["cells"] = list(self._cells(library.OBSERVABLE, i))
        return rows

    @property
    def stages(self):
        """Name, labels, unit, and its cells."""
        rows = self._items(library.STAGE, unit=library.UNIT, layer=library.LAYER)
        for i, row in enumerate(rows):
            row["cells"] = list(self._cells(library.STAGE, i))
        return rows

    @property
    def mechanisms(self):
        """Name, labels, number (0: only a tag), and the names of the items tagged with it by kind."""
        rows = self._items(library.MECHANISM)
        kinds = {"levers": library.LEVER, "parameters": library.PARAMETER, "signals": library.SIGNAL,
                 "stages": library.STAGE, "observables": library.OBSERVABLE}
        for m, row in enumerate(rows):
            row["number"] = C.paso_corridor_mechanism(self._handle, m)
            for key, kind in kinds.items():
                row[key] = [self._text(kind, i, library.NAME) for i in range(C.paso_corridor_count(self._handle, kind))
                            if C.paso_corridor_tagged(self._handle, kind, i, m)]
        return rows

    @property
    def places(self):
        """A row for each member of a set that has coordinates: set, member, latitude, longitude in degrees."""
        rows = Table()
        latitude, longitude = ctypes.c_double(), ctypes.c_double()
        for i, item in enumerate(self._items(library.SET)):
            for k, member in enumerate(self._cells(library.SET, i)):
                if C.paso_corridor_place(self._handle, i, k, ctypes.byref(latitude), ctypes.byref(longitude)) == 0:
                    rows.append({"set": item["name"], "member": member, "latitude": latitude.value,
                                 "longitude": longitude.value})
        return rows

    # ---- runs

    def run(self, *policies, **options):
        """Runs policies (names, or stacks "a+b"; none: as it happened) and gives their Results.

        settings: {"slots": 3} or ["slots=3 people/day"], on top of every policy
        without: names of layers, signals or events, or "shock"
        members, first_member, seed: the ensemble (200, 0, 1)
        since, until: recorded days [since, until), as dates or texts (the corridor's now, 18 months)
        known_until: first day that `known` series hide
        threads, lanes: how; they change no result
        strict, quick: a clipped share ends the run; one path without draws
        out, force: a store to write
        resume: go on with the run into `out` that was cut off; everything else must be as it was
        progress: called with days done and days to do; what it returns as true stops the run
        start: a State to go on from
        """
        results, _ = _execute(self, policies, **options)
        return results

    def compare(self, *policies, headline=True, **options):
        """Runs two policies or more and gives the table of Results.compare."""
        if len(policies) < 2:
            raise ValueError("expected two policies or more")
        return self.run(*policies, **options).compare(headline=headline)

    def fork(self, date, *policies, **options):
        """Runs the policies until a date and gives the State there, from which others go on."""
        options.setdefault("since", self.start)
        _, handle = _execute(self, policies, until=date, keep=True, **options)
        return State(self, handle)

    def open_state(self, path):
        """A State that was saved, by the command or by State.save."""
        handle = ctypes.c_void_p()
        with Record() as record:
            record.check(C.paso_state_open(raw(path), record.handle, ctypes.byref(handle)))
        return State(self, handle.value)


class State:
    """The members of a run at the opening of a day. Runs from it have the bits of an unbroken run."""

    def __init__(self, corridor, handle):
        self._handle = handle
        weakref.finalize(self, C.paso_state_free, handle)
        self.corridor = corridor
        self.date = to_date(C.paso_state_day(handle))
        first, n = ctypes.c_uint32(), ctypes.c_uint32()
        C.paso_state_members(handle, ctypes.byref(first), ctypes.byref(n))
        self.first_member, self.members = first.value, n.value
        self.policies = [text(C.paso_state_policy_name(handle, i)) for i in range(C.paso_state_policies(handle))]

    def __repr__(self):
        return f"<paso.State of {self.corridor.name} at {self.date}, {self.members} members>"

    def run(self, *policies, **options):
        """As Corridor.run, from here on."""
        return self.corridor.run(*policies, start=self, **options)

    def compare(self, *policies, **options):
        """As Corridor.compare, from here on."""
        return self.corridor.compare(*policies, start=self, **options)

    def save(self, path, force=False):
        with Record() as record:
            record.check(C.paso_state_write(self._handle, raw(path), force, record.handle))


class _Watch:
    """The library's hooks around a Python function: what it raises, Ctrl-C too, ends the run."""

    def __init__(self, function):
        self.function, self.stopped, self.error = function, False, None
        self.progress, self.stop = library.PROGRESS(self._progress), library.STOP(self._stop)

    def _progress(self, _, done, everything):
        try:
            if self.function and self.function(done, everything):
                self.stopped = True
        except BaseException as error:  # nothing may pass through C
            self.error, self.stopped = error, True

    def _stop(self, _):
        return self.stopped


def _setting_texts(settings):
    if hasattr(settings, "items"):
        return [f"{name}={value}" for name, value in settings.items()]
    return [settings] if isinstance(settings, str) else list(settings)


def _fill(run, record, policies, settings, without):
    for policy in policies:
        record.check(C.paso_run_add_policy(run, raw(policy), record.handle))
    for setting in _setting_texts(settings):
        record.check(C.paso_run_add_setting(run, raw(setting), record.handle))
    for name in [without] if isinstance(without, str) else without:
        record.check(C.paso_run_add_without(run, raw(name), record.handle))


def _set_ensemble(run, start, members, first_member, seed, known_until):
    """What the caller left out is the library's default, or the start's."""
    if start is not None:
        C.paso_run_set_start(run, start._handle)
    if members is not None or first_member is not None:
        default = (start.members, start.first_member) if start is not None else (200, 0)
        C.paso_run_set_members(run, default[1] if first_member is None else first_member,
                               default[0] if members is None else members)
    if seed is not None:
        C.paso_run_set_seed(run, seed)
    if known_until is not None:
        C.paso_run_set_known_until(run, to_day(known_until))


def _execute(corridor, policies, *, settings=(), without=(), members=None, first_member=None, seed=None, since=None,
             until=None, known_until=None, threads=0, lanes=0, strict=False, quick=False, out=None, force=False,
             resume=False, progress=None, start=None, keep=False):
    if resume and out is None:
        raise ValueError("expected the store to go on with, as out")
    run = C.paso_run_create(corridor._handle)
    if not run:
        raise MemoryError
    watch, handle = _Watch(progress), ctypes.c_void_p()
    try:
        with Record() as record:
            _fill(run, record, policies, settings, without)
            _set_ensemble(run, start, members, first_member, seed, known_until)
            C.paso_run_set_days(run, to_day(since), to_day(until))
            C.paso_run_set_threads(run, threads, lanes)
            C.paso_run_set_strict(run, strict)
            if quick:
                C.paso_run_set_quick(run, True)
            C.paso_run_keep_state(run, keep)
            C.paso_run_set_command(run, f"Python: {corridor.name}, {' '.join(policies) or 'as-happened'}".encode())
            C.paso_run_set_hooks(run, watch.progress, watch.stop, None)
            path = None if out is None else raw(os.fspath(out))
            if resume:
                status = C.paso_run_resume(run, path, record.handle, ctypes.byref(handle))
            else:
                status = C.paso_run_execute(run, path, force, record.handle, ctypes.byref(handle))
            results = Results(handle.value) if handle.value else None
            if watch.error is not None:
                raise watch.error
            record.check(status)
            if results is None or (keep and status != 0):
                raise record.error(status)
            return results, C.paso_run_take_state(run) if keep else None
    finally:
        C.paso_run_free(run)
