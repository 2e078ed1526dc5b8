"""The text of files that people write: how it is read, and what must not stand in any."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from plainleaf.problems import Place, Problem, line_of

# Control characters, line ends and tabs apart; a byte order mark within a text; the ends of lines
# and paragraphs that no editor shows as such; what turns the direction of letters (U+200E, U+200F
# and U+061C only mark it, which Arabic needs); and what stands for no letter (Unicode 16, 23).
_UNSEEN = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2060-\\u206f\\ufeff"
    "\\ufff9-\\ufffb\\uffff\\U000e0000-\\U000e007f]"
)
_LOST = "\ufffd"  # what programs write for a letter that they could not read
# Spaces that fonts lack, and those that any of them has instead: with and without a break.
_NARROW = re.compile("[\u2000-\u200a\u202f\u205f]")
_UNBROKEN = "\u2007\u202f"
# Hidden files, such as `.#note.yml` of Emacs, `._note.yml` of a Mac and `.note.yml.swp` of Vim;
# older versions of a file; what Windows and Office keep for themselves.
_LEFT_BEHIND = re.compile(
    r"\..*|.*~|#.*#|~\$.*|.*\.(?:bak|orig|swp|tmp)|Thumbs\.db|desktop\.ini", re.IGNORECASE
)
# Of a file that people write: the longest page is a hundredth of it, and a book a tenth. What is
# larger was put there by mistake, and would take minutes to read.
MOST_BYTES = 2_000_000
# What git writes where two people changed the same lines.
_CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: |$)", re.MULTILINE)


def read(path: Path, most: int = MOST_BYTES) -> bytes:
    """Give the bytes of a file, at most so many.

    Raises OSError, also for what is larger, and for what is no file: a pipe would never end.
    """
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(number, "rb") as file:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise OSError(errno.EINVAL, "it is no file", str(path))
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most // 1_000_000} MB", str(path))
    return content


def text_of(raw: bytes, name: str) -> tuple[str | None, list[Problem]]:
    """Give the text that the bytes of a file are, or None and why they are none.

    A byte order mark is taken away, the line ends of Windows and old Macs are made plain, and so
    are spaces that fonts lack.
    """
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        place = Place(name, raw[: error.start].count(b"\n") + 1)
        fact = "this line has letters that are not stored as UTF-8."
        hint = 'Save the file again with the encoding "UTF-8" in your editor.'
        return None, [Problem(place, fact, hint)]
    faults = list(_unreadable(text, name))
    return (None if faults else with_known_spaces(text)), faults


def unread(error: OSError, name: str) -> Problem:
    """Say why a file cannot be read, and what to do about it."""
    fact = f"this file cannot be read ({(error.strerror or 'unknown reason').lower()})."
    hint = "Check that it is there, that it is a file, and that you may open it."
    if isinstance(error, FileNotFoundError):
        fact, hint = "this file is missing.", "Write it; it is needed."
    elif error.errno == errno.EFBIG:
        fact = f"{error.strerror}, and nobody reads so many words.".replace("it", "this file", 1)
        hint = "Look for what was put into it by mistake, or write two files."
    return Problem(Place(name), fact, hint)


def _unreadable(text: str, name: str) -> Iterator[Problem]:
    """Give the problems of unreadable signs in a file's text: the first of each, by line."""
    for sign in dict.fromkeys(_UNSEEN.findall(text)):
        fact = f"this line holds a sign that cannot be seen (U+{ord(sign):04X})."
        hint = "Write the line again; such signs come in when text is copied."
        yield Problem(Place(name, line_of(text, sign)), fact, hint)
    if _LOST in text:
        fact = f"this line holds a letter that was lost ({_LOST}, U+FFFD)."
        hint = "Write the word again, and save the file as UTF-8."
        yield Problem(Place(name, line_of(text, _LOST)), fact, hint)
    if line := conflict_in(text):
        fact = "two people changed this file, and git left the words of both."
        hint = (
            "Choose one of the two, and take away the lines that start with `<<<<<<<`, `|||||||`, "
            "`=======` and `>>>>>>>`."
        )
        yield Problem(Place(name, line), fact, hint)


def with_known_spaces(text: str) -> str:
    """Give a text with the spaces that fonts lack, such as thin ones, as those that they have."""
    return _NARROW.sub(lambda space: "\u00a0" if space[0] in _UNBROKEN else " ", text)


def conflict_in(text: str) -> int:
    """Give the first line with which git marks what two people changed, counted from 1, or 0."""
    match = _CONFLICT.search(text)
    return text.count("\n", 0, match.start()) + 1 if match else 0


def is_passed_over(path: Path) -> bool:
    """Tell whether a file is one that editors and systems leave behind."""
    return _LEFT_BEHIND.fullmatch(path.name) is not None


def unseen(text: str) -> str:
    """Give the first control character of a text, line ends and tabs apart; "" if none."""
    match = _UNSEEN.search(text)
    return match.group() if match else ""
