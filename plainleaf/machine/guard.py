"""Unforeseen errors: a line for people, and a file with the traceback for a maintainer."""

from __future__ import annotations

import platform
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import FrameType

from plainleaf.machine.disk import disk_reason
from plainleaf.model import Project, Sheet
from plainleaf.problems import Place

FAULT = "fault.txt"
NO_MEMORY = (
    "There is not enough memory. Close other programs, or allow this one more, then run it again."
)
# Messages of Python and the system for want of memory, where it is no MemoryError.
_MEMORY_MESSAGES = ("can't start new thread", "annot allocate memory", "failed to map segment")


def explained(error: Exception, project: Project) -> str:
    """Say what stopped the work: no memory, the disk, or else what nobody foresaw.

    The last is written into build/ with its traceback; what was being read is named.
    """
    if isinstance(error, MemoryError) or any(message in str(error) for message in _MEMORY_MESSAGES):
        return NO_MEMORY
    if isinstance(error, OSError) and error.errno:
        return disk_reason(error)
    at = at_work_on(error, project)
    fact = "something that Plainleaf is not made for stopped it"
    advice = "Look at what was last changed"
    if at:
        fact, advice = f"{fact} at {at}", f"{advice} there"
    report = _written(error, at, project)
    return f"{fact}.\n    {advice}, or take it back. {report} site/ is whole."


def _written(error: Exception, at: str, project: Project) -> str:
    """Write down all that helps to mend it; say in which file, to whom to give it."""
    lines = traceback.format_exception(error)
    text = f"at {at or 'no file'}, Python {sys.version}, {platform.platform()}\n{''.join(lines)}"
    for folder in (project.build, Path(tempfile.gettempdir())):
        path = folder / FAULT
        with suppress(OSError):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8", errors="backslashreplace")
            name = f"build/{FAULT}" if folder == project.build else str(path)
            return f"Report it where you got Plainleaf, with {name}."
    return "Report it where you got Plainleaf."


def at_work_on(error: BaseException, project: Project) -> str:
    """Give the file or sheet at which an error came up: the nearest that the code had in hand."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return next((name for frame in reversed(frames) for name in _in_hand(frame, project)), "")


def _in_hand(frame: FrameType, project: Project) -> Iterator[str]:
    """Give the names of the content that the variables of a function hold."""
    for value in frame.f_locals.values():
        if isinstance(value, Path):
            yield from [project.name(value)] if _is_read(value, project) else []
        elif type(value).__module__.startswith("plainleaf."):
            for holder in (value, getattr(value, "sheet", None)):
                yield from [holder.path] if isinstance(holder, Sheet) else []
            for holder in (value, getattr(value, "source", None)):
                yield from [holder.path] if isinstance(holder, Place) and holder.path else []


def _is_read(path: Path, project: Project) -> bool:
    """Tell whether a path is that of a file which people edit."""
    made = (project.site, project.build)
    is_theirs = path.is_relative_to(project.folder) and not any(map(path.is_relative_to, made))
    return is_theirs and path.is_file()
