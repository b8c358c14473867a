"""The shared library: where it is found, and every function of include/paso with its types."""

import ctypes
import ctypes.util
import os
import pathlib
from ctypes import POINTER, Structure, c_bool, c_char_p, c_double, c_int, c_int32, c_size_t, c_uint32, c_uint64, c_void_p


class Message(Structure):
    _fields_ = [("text", c_char_p), ("hint", c_char_p), ("path", c_char_p), ("file", c_char_p), ("id", c_char_p),
                ("line", c_int32), ("column", c_int32), ("warning", c_bool)]


class Clock(Structure):
    _fields_ = [("start", c_int32), ("now", c_int32), ("end", c_int32)]


PROGRESS = ctypes.CFUNCTYPE(None, c_void_p, c_double, c_double)
STOP = ctypes.CFUNCTYPE(c_bool, c_void_p)
DAYS, DOUBLES, COUNT, NUMBERS = POINTER(c_int32), POINTER(c_double), POINTER(c_size_t), POINTER(c_uint32)
HANDLE, OUT = c_void_p, POINTER(c_void_p)

NO_DAY = -2**31
TOTAL = -1
POLICY, LEVER, PARAMETER, OBSERVABLE, STAGE, SIGNAL, EVENT, SERIES, SET, MECHANISM = range(10)
NAME, LABEL, LABEL_SPANISH, UNIT, DOC, SOURCE, LAYER, WHO, GROUP, EVERY, TAKE, BASE = range(12)

# name: (what it returns, what it takes), in the order of the headers
FUNCTIONS = {
    "paso_status_text": (c_char_p, [c_int]),
    "paso_version": (c_char_p, []),
    "paso_errors_create": (HANDLE, []),
    "paso_errors_free": (None, [HANDLE]),
    "paso_errors_clear": (None, [HANDLE]),
    "paso_errors_count": (c_size_t, [HANDLE]),
    "paso_errors_get": (Message, [HANDLE, c_size_t]),
    "paso_errors_text": (c_char_p, [HANDLE]),
    "paso_errors_json": (c_char_p, [HANDLE]),
    "paso_day_read": (c_int, [c_char_p, DAYS]),
    "paso_day_write": (None, [c_int32, c_char_p]),
    "paso_corridor_open": (c_int, [c_char_p, HANDLE, OUT]),
    "paso_corridor_free": (None, [HANDLE]),
    "paso_corridor_name": (c_char_p, [HANDLE]),
    "paso_corridor_title": (c_char_p, [HANDLE, c_bool]),
    "paso_corridor_hash": (c_char_p, [HANDLE]),
    "paso_corridor_clock": (Clock, [HANDLE]),
    "paso_corridor_count": (c_size_t, [HANDLE, c_int]),
    "paso_corridor_find": (c_int, [HANDLE, c_int, c_char_p]),
    "paso_corridor_text": (c_char_p, [HANDLE, c_int, c_size_t, c_int]),
    "paso_corridor_headline": (c_bool, [HANDLE, c_size_t]),
    "paso_corridor_cells": (c_size_t, [HANDLE, c_int, c_size_t]),
    "paso_corridor_cell": (c_int, [HANDLE, c_int, c_size_t, c_size_t, c_char_p, c_size_t]),
    "paso_corridor_values": (c_int, [HANDLE, c_int, c_size_t, DOUBLES, DOUBLES, DOUBLES]),
    "paso_corridor_tagged": (c_bool, [HANDLE, c_int, c_size_t, c_size_t]),
    "paso_corridor_mechanism": (c_int, [HANDLE, c_size_t]),
    "paso_corridor_place": (c_int, [HANDLE, c_size_t, c_size_t, DOUBLES, DOUBLES]),
    "paso_run_create": (HANDLE, [HANDLE]),
    "paso_run_free": (None, [HANDLE]),
    "paso_run_add_policy": (c_int, [HANDLE, c_char_p, HANDLE]),
    "paso_run_add_setting": (c_int, [HANDLE, c_char_p, HANDLE]),
    "paso_run_add_without": (c_int, [HANDLE, c_char_p, HANDLE]),
    "paso_run_set_members": (None, [HANDLE, c_uint32, c_uint32]),
    "paso_run_set_seed": (None, [HANDLE, c_uint64]),
    "paso_run_set_days": (None, [HANDLE, c_int32, c_int32]),
    "paso_run_set_known_until": (None, [HANDLE, c_int32]),
    "paso_run_set_threads": (None, [HANDLE, c_size_t, c_size_t]),
    "paso_run_set_strict": (None, [HANDLE, c_bool]),
    "paso_run_set_quick": (None, [HANDLE, c_bool]),
    "paso_run_set_command": (c_int, [HANDLE, c_char_p]),
    "paso_run_set_hooks": (None, [HANDLE, PROGRESS, STOP, c_void_p]),
    "paso_run_execute": (c_int, [HANDLE, c_char_p, c_bool, HANDLE, OUT]),
    "paso_run_resume": (c_int, [HANDLE, c_char_p, HANDLE, OUT]),
    "paso_run_keep_state": (None, [HANDLE, c_bool]),
    "paso_run_take_state": (HANDLE, [HANDLE]),
    "paso_run_set_start": (None, [HANDLE, HANDLE]),
    "paso_state_open": (c_int, [c_char_p, HANDLE, OUT]),
    "paso_state_write": (c_int, [HANDLE, c_char_p, c_bool, HANDLE]),
    "paso_state_free": (None, [HANDLE]),
    "paso_state_day": (c_int32, [HANDLE]),
    "paso_state_members": (None, [HANDLE, NUMBERS, NUMBERS]),
    "paso_state_policies": (c_size_t, [HANDLE]),
    "paso_state_policy_name": (c_char_p, [HANDLE, c_size_t]),
    "paso_results_open": (c_int, [c_char_p, HANDLE, OUT]),
    "paso_results_free": (None, [HANDLE]),
    "paso_results_meta": (c_char_p, [HANDLE, c_char_p]),
    "paso_results_members": (c_size_t, [HANDLE]),
    "paso_results_member_numbers": (c_int, [HANDLE, NUMBERS, HANDLE]),
    "paso_results_count": (c_size_t, [HANDLE, c_int]),
    "paso_results_find": (c_int, [HANDLE, c_int, c_char_p]),
    "paso_results_text": (c_char_p, [HANDLE, c_int, c_size_t, c_int]),
    "paso_results_headline": (c_bool, [HANDLE, c_size_t]),
    "paso_results_cells": (c_size_t, [HANDLE, c_size_t]),
    "paso_results_cell": (c_char_p, [HANDLE, c_size_t, c_size_t]),
    "paso_results_cell_label": (c_char_p, [HANDLE, c_size_t, c_size_t, c_bool]),
    "paso_results_has_total": (c_bool, [HANDLE, c_size_t]),
    "paso_results_periods": (c_size_t, [HANDLE, c_size_t]),
    "paso_results_days": (c_int, [HANDLE, c_size_t, DAYS]),
    "paso_results_values": (c_int, [HANDLE, c_size_t, c_size_t, DOUBLES, HANDLE]),
    "paso_results_summary": (c_int, [HANDLE, c_size_t, c_size_t, c_int, DOUBLES, HANDLE]),
    "paso_results_window": (c_int, [HANDLE, c_size_t, c_size_t, c_int, DOUBLES, HANDLE]),
    "paso_results_pairs": (c_int, [HANDLE, c_size_t, c_size_t, c_size_t, c_int, DOUBLES, DOUBLES, HANDLE]),
    "paso_results_observed": (c_int, [HANDLE, c_size_t, c_int, c_size_t, DAYS, DOUBLES, COUNT, HANDLE]),
    "paso_results_save": (c_int, [HANDLE, c_char_p, c_bool, HANDLE]),
    "paso_results_export": (c_int, [HANDLE, c_char_p, c_char_p, c_bool, HANDLE]),
    "paso_results_report": (c_int, [HANDLE, c_char_p, c_bool, HANDLE]),
}


def candidates():
    """Where the library may be: PASO_LIBRARY alone if it is set, a build beside this folder, the system."""
    if os.environ.get("PASO_LIBRARY"):
        return [os.environ["PASO_LIBRARY"]]
    beside = pathlib.Path(__file__).resolve().parent.parent.parent / "build" / "libpaso.so"
    found = ctypes.util.find_library("paso")
    return ([str(beside)] if beside.exists() else []) + ([found] if found else []) + ["libpaso.so.0"]


def load():
    reasons = []
    for name in candidates():
        try:
            library = ctypes.CDLL(name)
        except OSError as error:
            reasons.append(str(error))
            continue
        for function, (result, arguments) in FUNCTIONS.items():
            entry = getattr(library, function)
            entry.restype, entry.argtypes = result, arguments
        return library
    raise ImportError("libpaso was not found: build it with `make`, install it, or name the file in PASO_LIBRARY\n  "
                      + "\n  ".join(reasons))


C = load()


def text(raw):
    return raw.decode("utf-8", "replace") if raw is not None else None


def raw(words):
    return os.fsencode(words)


def version():
    """The version of the library, such as "0.1.0"."""
    return text(C.paso_version())
