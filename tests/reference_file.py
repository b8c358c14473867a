"""Reads the file of a compiled program (docs/program.md, "The file"), for tests/reference.py."""

import struct
from collections import namedtuple
from types import SimpleNamespace

RECORDS = {
    "op": "code n dst a map_a b map_b c map_c aux", "constant": "row number",
    "parameter": "name hash row n value scale each bound", "lever": "name row n value",
    "data": "name row n n_periods first_day value every after repeat known",
    "shock": "hash n df common", "signal": "name row n",
    "event": "name hash n row left rate rate_map size_law size size_map size_sd size_sd_map"
             " lasts_law lasts lasts_map lasts_sd lasts_sd_map chance_from n_dates date date_size",
    "ring": "row n days late source before before_map",
    "stage": "name hash unit junction n_cells n_bins steps age_width count total inbox start start_map"
             " enters enters_map mean mean_map first_exit n_exits",
    "exit": "name hash hazard rest rate rate_map flow to to_cell fan fan_pair n_groups limit limit_map"
            " group n_parts part",
    "part": "kind share share_map", "observable": "name row n every take first n_ops",
    "assignment": "row first n_ops source number", "change": "day first n",
}
RECORDS = {name: namedtuple(name, fields) for name, fields in RECORDS.items()}
IN_PROGRAM = ("op pool number text constant parameter lever data shock signal event ring stage junction exit"
              " part observable")
IN_SCHEDULE = "op pool number assignment change"

class Reader:
    def __init__(self, path):
        with open(path, "rb") as file:
            self.data, self.at = file.read(), 8
        assert self.data[:8] == b"PASOPROG", "not a program file"

    def words(self, n):
        self.at += 4 * n
        return struct.unpack_from(f"<{n}i", self.data, self.at - 4 * n)

    def list_of(self, name):
        (n,) = self.words(1)
        if name == "number":
            self.at += 8 * n
            return struct.unpack_from(f"<{n}d", self.data, self.at - 8 * n)
        if name == "text":
            self.at += (n + 3) // 4 * 4
            return self.data[self.at - (n + 3) // 4 * 4:][:n]
        record = RECORDS.get(name)
        return [record(*self.words(len(record._fields))) for _ in range(n)] if record else self.words(n)

    def lists(self, names):
        return SimpleNamespace(**{name: self.list_of(name) for name in names.split()})


def load(path):
    reader = Reader(path)
    version, n_rows, start, now, end = reader.words(5)
    assert version == 3, f"version {version}"
    blocks = [reader.words(2) for _ in range(7)]
    program = reader.lists(IN_PROGRAM)
    program.start, program.now, program.end, program.block = start, now, end, blocks
    program.n_rows = max(n_rows, *reader.words(1))
    program.schedule = reader.lists(IN_SCHEDULE)
    program.name = lambda at: program.text[at:program.text.index(b"\0", at)].decode()
    return program
