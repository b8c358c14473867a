"""Paso from Python: load a corridor, run policies, compare them in pairs, fork a history, export.

    import paso
    corridor = paso.load("corridors/tutorial")
    results = corridor.run("as-happened", "more-judges", members=50)
    print(results.compare())

Needs the standard library and libpaso; numpy and pandas are used where they are there.
"""

from .corridor import Corridor, State, load
from .errors import Message, PasoError
from .library import version
from .results import Results, open_results
from .table import Table

__all__ = ["Corridor", "Message", "PasoError", "Results", "State", "Table", "load", "open_results", "version"]
