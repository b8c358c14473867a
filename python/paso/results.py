"""Results of a run: tables, values of members, and the files made from them."""

import ctypes
import math
import os
import pathlib
import weakref

from . import library
from .dates import to_date
from .errors import Record
from .library import C, raw, text
from .table import Table

SUMMARY = ("mean", "q05", "q25", "q50", "q75", "q95")
PAIR = SUMMARY + ("same_sign", "gain")


def open_results(path):
    """A store that the command or a run wrote."""
    handle = ctypes.c_void_p()
    with Record() as record:
        record.check(C.paso_results_open(raw(path), record.handle, ctypes.byref(handle)))
    return Results(handle.value)


class Results:
    """Numbers are in the units that the corridor wrote; dates are the first days of periods."""

    def __init__(self, handle):
        self._handle = handle
        weakref.finalize(self, C.paso_results_free, handle)

    def __repr__(self):
        return f"<paso.Results of {self.meta('corridor')}: {', '.join(self.policies)}, {self.members} members>"

    def _call(self, function, *arguments):
        with Record() as record:
            record.check(function(self._handle, *arguments, record.handle))

    # ---- what there is

    def meta(self, key):
        """A fact about the run, such as "seed", "from", "until", "corridor_hash"; "" if absent."""
        return text(C.paso_results_meta(self._handle, raw(key)))

    @property
    def members(self):
        """How many are finished."""
        return C.paso_results_members(self._handle)

    @property
    def interrupted(self):
        return self.meta("interrupted") == "1"

    @property
    def member_numbers(self):
        numbers = (ctypes.c_uint32 * self.members)()
        self._call(C.paso_results_member_numbers, numbers)
        return list(numbers)

    def _names(self, kind):
        n = C.paso_results_count(self._handle, kind)
        return [text(C.paso_results_text(self._handle, kind, i, library.NAME)) for i in range(n)]

    @property
    def policies(self):
        return self._names(library.POLICY)

    @property
    def observables(self):
        return self._names(library.OBSERVABLE)

    def cells(self, observable):
        """Names of cells, such as "origin=ven,kind=adult"; [""] for a single value."""
        o = self._find(library.OBSERVABLE, observable)
        return [text(C.paso_results_cell(self._handle, o, c)) for c in range(C.paso_results_cells(self._handle, o))]

    def dates(self, observable):
        o = self._find(library.OBSERVABLE, observable)
        days = (ctypes.c_int32 * C.paso_results_periods(self._handle, o))()
        C.paso_results_days(self._handle, o, days)
        return [to_date(d) for d in days]

    def _find(self, kind, name):
        if name is None and kind == library.POLICY:
            return 0
        i = C.paso_results_find(self._handle, kind, raw(name))
        if i < 0:
            raise KeyError(name)
        return i

    def _about(self, o, about):
        return text(C.paso_results_text(self._handle, library.OBSERVABLE, o, about))

    def _cell(self, o, name):
        """None: the total where cells may be added, else the only cell."""
        if name in (None, ""):
            return library.TOTAL
        return self.cells(self._about(o, library.NAME)).index(name)

    def _places(self, o):
        """The total, if there is one, and every cell."""
        places = [(library.TOTAL, "")] if C.paso_results_has_total(self._handle, o) else []
        return places + list(enumerate(self.cells(self._about(o, library.NAME))))

    # ---- numbers

    def values(self, observable, policy=None):
        """Every value as a memoryview of doubles, [member, cell, period]; numpy.asarray() shares it. policy None: the first."""
        o, p = self._find(library.OBSERVABLE, observable), self._find(library.POLICY, policy)
        shape = (self.members, C.paso_results_cells(self._handle, o), C.paso_results_periods(self._handle, o))
        n = shape[0] * shape[1] * shape[2]
        values = (ctypes.c_double * n)()
        self._call(C.paso_results_values, p, o, values)
        plain = memoryview(values).cast("B")
        return plain.cast("d", shape) if n else plain.cast("d")

    def summary(self, observable=None, policy=None):
        """A row for each policy, observable, cell ("" is the total, or the only one) and date: mean and quantiles.

        Of a date ("when is the backlog below X"), the mean is the share of members that have one and the quantiles are
        dates, None for never; of a chance all are the chance.
        """
        rows = Table()
        for p, policy_name in enumerate(self.policies):
            for o, name in enumerate(self.observables):
                if policy in (None, policy_name) and observable in (None, name):
                    rows.extend(self._summary_rows(p, policy_name, o, name))
        return rows

    def _summary_rows(self, p, policy, o, name):
        unit, dates = self._about(o, library.UNIT), self.dates(name)
        numbers = (ctypes.c_double * (len(dates) * len(SUMMARY)))()
        for cell, label in self._places(o):
            self._call(C.paso_results_summary, p, o, cell, numbers)
            for k, date in enumerate(dates):
                row = numbers[k * len(SUMMARY):(k + 1) * len(SUMMARY)]
                if unit == "date":
                    row[1:] = [None if math.isnan(day) else to_date(round(day)) for day in row[1:]]
                yield {"policy": policy, "observable": name, "cell": label, "date": date, **dict(zip(SUMMARY, row)), "unit": unit}

    def pairs(self, second, observable, first=None, cell=None):
        """What `second` changes against `first` (None: the first policy), member by member, for each date."""
        o = self._find(library.OBSERVABLE, observable)
        rows, _ = self._pairs(self._find(library.POLICY, first), self._find(library.POLICY, second), o, self._cell(o, cell))
        return rows

    def _pairs(self, a, b, o, cell):
        dates, window = self.dates(self._about(o, library.NAME)), (ctypes.c_double * len(PAIR))()
        numbers = (ctypes.c_double * (len(dates) * len(PAIR)))()
        self._call(C.paso_results_pairs, a, b, o, cell, numbers, window)
        rows = Table({"date": date, **dict(zip(PAIR, numbers[k * len(PAIR):(k + 1) * len(PAIR)]))} for k, date in enumerate(dates))
        return rows, dict(zip(PAIR, window))

    def compare(self, headline=True):
        """What each policy changes against the first, in pairs: totals at the last period and over all of them.

        same_sign: share of members that agree with the sign of the mean; gain: what pairing shrank the variance by.
        headline False: all observables, not only those to be shown first.
        """
        rows = Table()
        for p, policy in list(enumerate(self.policies))[1:]:
            for o, name in enumerate(self.observables):
                if (headline and not C.paso_results_headline(self._handle, o)) or not self.dates(name):
                    continue
                for cell, label in self._places(o):
                    rows.extend(self._compare_rows(p, policy, o, name, cell, label))
        return rows

    def _compare_rows(self, p, policy, o, name, cell, label):
        periods, window = self._pairs(0, p, o, cell)
        over = "sum" if self._about(o, library.TAKE) == "sum" else "mean"
        last = {key: value for key, value in periods[-1].items() if key != "date"}
        unit = "days" if self._about(o, library.TAKE) == "first" else self._about(o, library.UNIT)
        for what, numbers in (("last", last), (over, window)):
            yield {"policy": policy, "observable": name, "cell": label, "over": what, **numbers, "unit": unit}

    def observed(self, observable, cell=None):
        """The attached series by date, also outside the run; no rows without one."""
        o = self._find(library.OBSERVABLE, observable)
        place, n = self._cell(o, cell), ctypes.c_size_t()
        self._call(C.paso_results_observed, o, place, 0, None, None, ctypes.byref(n))
        days, values = (ctypes.c_int32 * n.value)(), (ctypes.c_double * n.value)()
        self._call(C.paso_results_observed, o, place, n.value, days, values, ctypes.byref(n))
        return Table({"date": to_date(d), "value": v} for d, v in zip(days, values))

    # ---- files

    def export(self, path, format=None, force=False):
        """Writes a file by its format, or the ending of its name: db (the store), html (the report), or a table with its manifest:
        csv or json (the tidy one), hubverse, hxl."""
        path = pathlib.Path(os.fspath(path))
        format = format or path.suffix.lstrip(".")
        if format == "db":
            self._call(C.paso_results_save, raw(path), force)
        elif format == "html":
            self._call(C.paso_results_report, raw(path), force)
        else:
            self._call(C.paso_results_export, raw(format), raw(path), force)
