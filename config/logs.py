"""How a line of the log looks: no values of people, whichever library writes it."""

import logging
import traceback
from types import TracebackType

ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class LineFormatter(logging.Formatter):
    """Shows an error by its type and the frames it went through.

    Its message is left out: a database quotes the row there (`Key (email)=(...) already exists`), Python the value.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # the name that logging calls
        """Return the line, without the path of a request or the message of the error where Celery has put it in."""
        line, error = super().formatMessage(record), record.exc_info[1] if record.exc_info else None
        if request := getattr(record, "request", None):  # a path can hold the reference of a claim
            line = line.replace(request.path, getattr(request.resolver_match, "route", "(path)"))
        for text in (repr(error), str(error)) if error else ():
            line = line.replace(text, type(error).__name__) if text else line
        return line

    def formatException(self, ei: ErrorInfo) -> str:  # noqa: N802
        """Return the frames, the innermost last, and the types of the error and of what it came from."""
        error = ei[1]
        frames = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(ei[2])]
        return "\n".join([*frames, " < ".join(list_types(error))])


def list_types(error: BaseException | None) -> list[str]:
    """Return the names of an error's type and of the types that caused it."""
    names: list[str] = []
    while error is not None and len(names) < 10:
        names.append(type(error).__name__)
        error = error.__cause__ or error.__context__
    return names
