"""Tables: lists of rows, each a dict with the same keys."""


class Table(list):
    """Rows in order. `columns` turns it around; `to_frame` makes a pandas DataFrame where pandas is there."""

    @property
    def columns(self):
        """The same as a dict of columns: {name: [values]}."""
        return {name: [row[name] for row in self] for name in self[0]} if self else {}

    def where(self, **equal):
        """The rows whose fields equal these."""
        return Table(row for row in self if all(row[k] == v for k, v in equal.items()))

    def to_frame(self):
        import pandas
        return pandas.DataFrame(self.columns)

    def __str__(self):
        if not self:
            return "(no rows)"
        rows = [list(self[0])] + [[_short(v) for v in row.values()] for row in self]
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        return "\n".join("  ".join(v.ljust(w) for v, w in zip(row, widths)).rstrip() for row in rows)


def _short(value):
    return f"{value:.6g}" if isinstance(value, float) else str(value)
