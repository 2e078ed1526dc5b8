"""What may be said on the command line; what it does is in journey.py and commands/."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias
from unicodedata import category

from plainleaf import __version__
from plainleaf.machine.program import NAME
from plainleaf.model import TRANSLATIONS

Options = argparse.Namespace
_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
_DESCRIPTION = (
    "Plainleaf: Markdown pages become a website that patients read and handouts that clinics print."
)
# Options that argparse accepts before any command, though the command may not take them.
_BEFORE = ("--project", "--scheduler", "--clinic", "--language", "--handout", "--release")
_PROJECT = "the folder, if it is another"
_HANDOUT = "its name: that of its file in handouts/"
# Defaults stand here alone: one given to argparse for a command would overwrite a value that was
# given before the command. "" is everything.
UNSAID: dict[str, object] = {"command": "", "form": "text", "release": False, "scheduler": ""}
UNSAID |= {"clinic": "", "language": "", "handout": "", "version": ""}
# Options go by their whole names: `--clinic` is not `--clinics`.
_SETTINGS: dict[str, Any] = {"argument_default": argparse.SUPPRESS, "allow_abbrev": False}


def options_of(words: Sequence[str] | None, home: Path) -> Options:
    """Give what is said on the command line; home is the folder that is meant if none is named.

    Raises SystemExit for what nobody can understand, having said why.
    """
    parser, commands = _parsers()
    words = sys.argv[1:] if words is None else words
    options = parser.parse_args(words, Options(**UNSAID, project=home))
    if options.command:
        taken = commands.choices[options.command].format_usage()
        for word in words:
            name = word.partition("=")[0]
            if name in _BEFORE and not re.search(rf"{name}\b(?!-)", taken):
                parser.error(f"{options.command} does not take {name}. Leave it out.")
    return options


@cache
def _parsers() -> tuple[argparse.ArgumentParser, _Commands]:
    """Give what reads the command line, and in it what reads each command."""
    build = argparse.ArgumentParser(prog=NAME, description=_DESCRIPTION, **_SETTINGS)
    build.add_argument("--project", type=_folder, help="build this folder instead")
    says = "say which version of Plainleaf this is"
    build.add_argument("--version", action="version", version=f"Plainleaf {__version__}", help=says)
    _add_scheduler(build)
    commands = build.add_subparsers(dest="command", metavar="command")
    does = "name every problem, warning and waiver; write nothing"
    check = _command(commands, "check", does, project="")
    form = check.add_mutually_exclusive_group()
    for name, reader in (("json", "a program: findings as JSON"), ("github", "a pull request")):
        form.add_argument(
            f"--{name}", action="store_const", const=name, dest="form", help=f"for {reader}"
        )
    check.add_argument("--project", type=_folder, help="check this folder instead")
    for parser in (build, check):
        parser.add_argument("--clinic", type=_name, help="only the sheets of this clinic")
        _add_choice(parser)
    serve = _command(commands, "serve", "show the site while you edit, here and in a browser")
    serve.add_argument("--port", type=_port, default=8000, help="of this machine; else 8000")
    _add_new(commands)
    _add_packs(commands)
    _add_records(commands)
    return build, commands


def _add_scheduler(parser: argparse.ArgumentParser) -> None:
    says = "let a Dask cluster set the sheets: tcp://HOST:PORT"
    parser.add_argument("--scheduler", type=_name, help=says)


def _add_new(commands: _Commands) -> None:
    does = "write a new project, with what is still to be written marked as such"
    new = _command(commands, "new", does, project="")
    new.add_argument("folder", type=_folder, help="a new one, or an empty one")
    _add_text(new, "--name", "what your practice or project is called", required=False)
    _add_text(new, "--procedure", "what it is about, as within a sentence", required=False)
    new.add_argument("--language", type=_name, help="the language of its words; else en")
    _add_text(new, "--address", "the address of the clinic, with commas", required=False)
    _add_text(new, "--country", "the country of the clinic, in two letters", required=False)
    _add_text(new, "--emergency-phone", "the number that calls an ambulance there", required=False)
    _add_text(new, "--daytime-phone", "the telephone of the clinic in office hours", required=False)
    _add_text(new, "--out-of-hours-phone", "that at other times, or none", required=False)


def _add_packs(commands: _Commands) -> None:
    packs = _command(commands, "packs", "make a zip of sheets for each clinic of a table")
    says = "a table (CSV), a row a clinic"
    packs.add_argument("--clinics", type=_folder, required=True, help=says)
    packs.add_argument("--to", type=_folder, required=True, help="the folder for the zips")
    _add_scheduler(packs)
    _add_choice(packs)


def _add_records(commands: _Commands) -> None:
    issue = _command(commands, "issue", "record the words as they are as a new version")
    _add_handout(issue, "whose words are issued")
    _add_text(issue, "--note", "a sentence on what changed, for patients")
    _add_text(issue, "--version", "its number; else the next one", required=False)
    author = "who wrote it, needed for a first version; else who wrote the last one"
    _add_text(issue, "--author", author, required=False)
    _add_text(issue, "--reviewer", "name and role of who signed it off", required=False)
    issue.add_argument("--review-by", type=_day, default=None, help="YYYY-MM-DD; else in two years")
    _add_translation(issue)

    _add_translate(commands)

    approve = _command(commands, "approve", "record that a clinic approves the words")
    _add_handout(approve, "whose words are approved")
    approve.add_argument(
        "--clinic", type=_name, required=True, help="its folder's name in clinics/"
    )
    _add_text(approve, "--by", "who approves it")
    _add_text(approve, "--role", "as what")

    withdraw = _command(commands, "withdraw", "record that a version must not be used")
    _add_handout(withdraw, "of which a version is withdrawn")
    withdraw.add_argument("--version", type=_name, help="its number; else the newest")
    _add_text(withdraw, "--why", "a sentence on what is wrong with it, for patients")
    _add_text(withdraw, "--instead", "a sentence on what a patient who has it should do")

    rebuild = _command(commands, "rebuild", "print a version again, with its very words")
    rebuild.add_argument("handout", type=_name, help=_HANDOUT)
    rebuild.add_argument("--version", type=_name, required=True, help="its number")
    rebuild.add_argument("--language", type=_name, help="else the main one")
    rebuild.add_argument("--clinic", type=_name, help="only the sheets of this clinic")

    diff = _command(commands, "diff", "show word by word what changed, and a page to sign")
    diff.add_argument("handout", type=_name, help=_HANDOUT)
    diff.add_argument("old", help="a version")
    diff.add_argument("new", nargs="?", default="", help="a later one; else the words as they are")
    diff.add_argument("--language", type=_name, help="else the main one")

    manifest = _command(commands, "manifest", "list as JSON what was current on a day")
    manifest.add_argument("--at", type=_day, required=True, help="YYYY-MM-DD")

    _command(commands, "due", "list what must be looked at again within 90 days")

    says = "say which sheet a PDF or a code is, and if it still holds"
    verifies = _command(commands, "verify", says)
    verifies.add_argument("what", nargs="+", help="a PDF, or a code such as 7KQM-X3PD")


def _add_translate(commands: _Commands) -> None:
    translate = _command(commands, "translate", "hand words to translators, and take them back")
    translate.add_argument(
        "step",
        choices=("export", "import", "mark"),
        help="export writes what is to be translated as a PO file; import writes pages of one; "
        "mark records that pages translate their originals as both are now",
    )
    says = "to import: a PO file; to mark: pages, or a folder such as docs/es"
    translate.add_argument("files", nargs="*", default=[], help=says)
    translate.add_argument("--language", type=_name, help="to export or import: a folder of docs/")
    translate.add_argument("--to", type=_folder, default=None, help="the PO file; else build/")
    _add_translation(translate)
    says = "with reviewed: name and role of who did it"
    _add_text(translate, "--reviewer", says, required=False)


def _add_translation(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--translation",
        choices=TRANSLATIONS[1:],
        default="",
        help="how a translation came about: reviewed is by a qualified person",
    )


def _add_choice(parser: argparse.ArgumentParser) -> None:
    """Let somebody choose sheets of a clinic."""
    parser.add_argument("--language", type=_name, help="only the sheets in this language")
    parser.add_argument("--handout", type=_name, help="only the sheets of this handout")
    parser.add_argument(
        "--release",
        action="store_true",
        help="refuse sheets that are drafts, overdue, withdrawn or not approved",
    )


def _command(
    commands: _Commands, name: str, does: str, project: str = _PROJECT
) -> argparse.ArgumentParser:
    """Add a command; project is the help of its option --project, "" for none yet."""
    parser = commands.add_parser(
        name, help=does, description=f"{does[0].upper()}{does[1:]}.", **_SETTINGS
    )
    if project:
        parser.add_argument("--project", type=_folder, help=project)
    return parser


def _add_handout(parser: argparse.ArgumentParser, what: str) -> None:
    """Let somebody name a handout in a language; what tells in the help what it is named for."""
    named = f"the one {what}: the name of its file in handouts/"
    parser.add_argument("handout", type=_name, help=named)
    parser.add_argument(
        "--language", type=_name, required=True, help="its language: a folder of docs/"
    )


def _add_text(
    parser: argparse.ArgumentParser, name: str, does: str, *, required: bool = True
) -> None:
    """Let somebody say something that will stand in the records."""
    parser.add_argument(name, required=required, type=_line, default=None, help=does)


def _name(written: str) -> str:
    if not written.strip():
        raise argparse.ArgumentTypeError("it names nothing. Give a name, or leave it out.")
    return written


def _folder(written: str) -> Path:
    return Path(_name(written))


def _port(written: str) -> int:
    """Give a port of this machine: 16 bits, of which 0 stands for none (RFC 6335)."""
    if not (written.isascii() and written.isdigit() and 0 < int(written[:6]) < 2**16):
        raise argparse.ArgumentTypeError(f'"{written}" is no port. Give a number up to 65535.')
    return int(written)


def _line(written: str) -> str:
    """Give what was said as it will stand in a file, on one line; refuse what says nothing."""
    line = " ".join(written.split())
    kinds = {category(sign) for sign in line}
    if kinds & {"Cc", "Cs"}:
        raise argparse.ArgumentTypeError("it holds a sign that cannot be seen. Write it again.")
    if kinds <= {"Zs", "Cf"}:  # signs that are never drawn: most steer the direction of writing
        raise argparse.ArgumentTypeError("it says nothing. Write it in quotes.")
    return line


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{written}" is no date such as 2026-11-25.') from None
