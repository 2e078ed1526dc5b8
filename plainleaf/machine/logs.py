"""What libraries log, kept from the terminal."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def warnings_of(*libraries: str) -> Iterator[list[str]]:
    """Collect what libraries only warn about, by the names of their loggers."""
    warnings: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            warnings.append(record.getMessage().strip())

    handler = Collect(logging.WARNING)
    loggers = [logging.getLogger(name) for name in libraries]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield warnings
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
