"""Days of the library, counted from 1970-01-01, as dates."""

import ctypes
import datetime

from .library import C, NO_DAY, raw

EPOCH = datetime.date(1970, 1, 1).toordinal()


def to_date(day):
    return datetime.date.fromordinal(EPOCH + day)


def to_day(when):
    """A date, "2024-02-01", "2024-02", or None for the default."""
    if when is None:
        return NO_DAY
    if isinstance(when, datetime.date):
        return when.toordinal() - EPOCH
    day = ctypes.c_int32()
    if C.paso_day_read(raw(when), ctypes.byref(day)) != 0:
        raise ValueError(f'expected a date such as 2024-02-01, found "{when}"')
    return day.value
