"""What is wrong in the content, said to the person who edits it: where, what, and the way out."""

from __future__ import annotations

import difflib
import errno
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from plainleaf.machine.disk import read

# Letters of somebody's text in a message: about a line.
MOST_QUOTED = 80
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
# Control characters, line ends and tabs apart; a byte order mark within a text; the ends of lines
# and paragraphs that no editor shows as such; what turns the direction of letters (U+200E, U+200F
# and U+061C only mark it, which Arabic needs); and what stands for no letter (Unicode 16, 23).
_UNSEEN = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2060-\\u206f\\ufeff"
    "\\ufff9-\\ufffb\\uffff\\U000e0000-\\U000e007f]"
)
_LOST = "\ufffd"  # what programs write for a letter that they could not read
# Spaces that fonts lack, and those that any of them has instead: with and without a break.
_SPACES = {
    **dict.fromkeys(range(0x2000, 0x200B), " "),
    0x205F: " ",
    **dict.fromkeys((0x2007, 0x202F), "\u00a0"),
}
# Hidden files, such as `.#note.yml` of Emacs, `._note.yml` of a Mac and `.note.yml.swp` of Vim;
# older versions of a file; what Windows and Office keep for themselves.
_LEFT_BEHIND = re.compile(
    r"\..*|.*~|#.*#|~\$.*|.*\.(?:bak|orig|swp|tmp)|Thumbs\.db|desktop\.ini", re.IGNORECASE
)
# What git writes where two people changed the same lines.
_CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: |$)", re.MULTILINE)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A file of the project, named from its folder, and a line in it (0: the file as a whole)."""

    path: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong: its place, the fact in one sentence, and what to do about it.

    What a gate finds also bears the gate's name, such as `reading.sentence`, and the standard
    behind it; a warning does not stop the build. subject tells findings of one gate apart: the
    element that is missing, the words that claim too much. Several have a comma between them.
    """

    source: Place
    message: str
    hint: str
    gate: str = ""
    standard: str = ""
    is_warning: bool = False
    subject: str = ""

    @property
    def name(self) -> str:
        """What a waiver of it names: the gate and the subject; "" for what is no gate's."""
        return f"{self.gate} {self.subject}".strip()

    def __str__(self) -> str:
        level = "warning: " if self.is_warning else ""
        reason = f"\n    [{self.name}] {self.standard}." if self.gate else ""
        return f"{self.source}: {level}{self.message}\n    {self.hint}{reason}"


class ContentError(Exception):
    """The content has problems: all that were found, sorted by file and line, each once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


class MachineError(Exception):
    """This machine stands in the way, not the content: a missing library, a full disk."""


def stop_at(problems: Iterable[Problem]) -> None:
    """Raise ContentError with all of them if any is more than a warning."""
    found = list(problems)
    if not all(problem.is_warning for problem in found):
        raise ContentError(found)


def choices(names: Iterable[str], meant: str = "", kind: str = "choices") -> str:
    """Give the names to choose from as a hint, led by the one that was probably meant."""
    names = sorted(names)
    near = difflib.get_close_matches(meant, names, n=1)
    guess = f'Did you mean "{near[0]}"? ' if near else ""
    return f"{guess}The {kind} are: {', '.join(names) or 'none yet'}."


def short(text: str) -> str:
    """Give a text as a message may quote it: cut off where nobody reads on."""
    return text if len(text) <= MOST_QUOTED else f"{text[:MOST_QUOTED]}…"


def line_of(text: str, needle: str) -> int:
    """Give the line on which needle first stands in text, counted from 1; 1 if it does not."""
    before, found, _ = text.partition(needle or "\0")
    return before.count("\n") + 1 if found else 1


def read_text(path: Path, name: str, problems: list[Problem]) -> str | None:
    """Give a file's text, or note why it cannot be read and give None.

    A byte order mark is taken away, the line ends of Windows and old Macs are made plain, and so
    are spaces that fonts lack.
    """
    try:
        raw = read(path)
    except FileNotFoundError:
        problems.append(Problem(Place(name), "this file is missing.", "Write it; it is needed."))
        return None
    except OSError as error:
        if error.errno == errno.EFBIG:
            fact = f"{error.strerror}, and nobody reads so many words.".replace(
                "it", "this file", 1
            )
            hint = "Look for what was put into it by mistake, or write two files."
            problems.append(Problem(Place(name), fact, hint))
            return None
        problems.append(
            Problem(
                Place(name),
                f"this file cannot be read ({(error.strerror or 'unknown reason').lower()}).",
                "Check that it is there, that it is a file, and that you may open it.",
            )
        )
        return None
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        problems.append(
            Problem(
                Place(name, raw[: error.start].count(b"\n") + 1),
                "this line has letters that are not stored as UTF-8.",
                'Save the file again with the encoding "UTF-8" in your editor.',
            )
        )
        return None
    if found := list(_unreadable(text, name)):
        problems += found
        return None
    return with_known_spaces(text)


def _unreadable(text: str, name: str) -> Iterator[Problem]:
    """Give the signs in a file's text that nobody meant to write: the first of each, by line."""
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
    return text.translate(_SPACES)


def conflict_in(text: str) -> int:
    """Give the first line with which git marks what two people changed, counted from 1, or 0."""
    found = _CONFLICT.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def is_passed_over(path: Path) -> bool:
    """Tell whether a file is one that editors and systems leave behind, and nobody wrote."""
    return _LEFT_BEHIND.fullmatch(path.name) is not None


def unseen(text: str) -> str:
    """Give the first control character of a text, line ends and tabs apart; "" if none."""
    found = _UNSEEN.search(text)
    return found.group() if found else ""


def _first_of_many(faults: list[tuple[str, str, str]]) -> OSError:
    """Give the first fault of a folder's copy: shutil tells of each only as a text."""
    _, target, said = faults[0]
    number = said.partition("[Errno ")[2].partition("]")[0]
    return OSError(int(number), os.strerror(int(number)), target) if number else OSError(said)


def disk_reason(error: OSError, kept: str = "The last site is as it was.") -> str:
    """Say in words why a file could not be written, and what is kept all the same."""
    known = {
        errno.ENOSPC: "The disk is full. Make room, then build again.",
        errno.EDQUOT: "Your share of the disk is full. Make room, then build again.",
        errno.EFBIG: "Files may not grow so large here. Raise the limit, then build again.",
        errno.EROFS: "The disk can only be read. Build in a folder that you may write to.",
        errno.EACCES: "You may not write there. Build in a folder that you may write to.",
        errno.EPERM: "You may not write there. Build in a folder that you may write to.",
    }
    if isinstance(error, shutil.Error) and isinstance(error.args[0], list):
        error = _first_of_many(error.args[0])
    way_out = known.get(error.errno or 0, "Check the folder and the disk, then build again.")
    # When a file is copied, the second name is the one that was to be written.
    name = error.filename2 or error.filename or "a file"
    fact = f"{name} cannot be written ({(error.strerror or 'unknown').lower()})."
    return f"{fact}\n    {way_out} {kept}"
