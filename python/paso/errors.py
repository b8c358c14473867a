"""Mistakes as exceptions: one PasoError with all that the library told."""

from dataclasses import dataclass

from .library import C, text


@dataclass(frozen=True)
class Message:
    """One mistake or warning: the text, a hint, the dotted path, and the place in the file (line and column from 1, 0 unknown)."""

    text: str
    hint: str
    path: str
    file: str
    id: str
    line: int
    column: int
    warning: bool


class PasoError(Exception):
    """What went wrong. `diagnostics` has every message, `status` the group (see include/paso/status.h)."""

    def __init__(self, status, words, diagnostics):
        super().__init__(words)
        self.status = status
        self.diagnostics = diagnostics


class Record:
    """The library's record of mistakes for one call or a few."""

    def __init__(self):
        self.handle = C.paso_errors_create()
        if not self.handle:
            raise MemoryError

    def __enter__(self):
        return self

    def __exit__(self, *_):
        C.paso_errors_free(self.handle)

    def messages(self):
        found = []
        for i in range(C.paso_errors_count(self.handle)):
            m = C.paso_errors_get(self.handle, i)
            found.append(Message(*(text(t) for t in (m.text, m.hint, m.path, m.file, m.id)), m.line, m.column, m.warning))
        return found

    def error(self, status):
        words = text(C.paso_errors_text(self.handle)) or ""
        return PasoError(status, words.rstrip() or text(C.paso_status_text(status)), self.messages())

    def check(self, status):
        """Raises unless the status is ok or stopped."""
        if status == -500:
            raise MemoryError
        if status < 0:
            raise self.error(status)
        return status
