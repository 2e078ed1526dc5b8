"""A new project: pages, handouts and a clinic, with what is still to be written marked as such.

Its files lie in starter/ as they will look. `«name»` in them is what was said, a line that begins
with `- «address»` is repeated for each line of it, and `dot-` begins the name of a hidden file.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory
from unicodedata import normalize

from babel import Locale

from plainleaf import __version__
from plainleaf.arguments import Options
from plainleaf.journey import prepare
from plainleaf.load.load import NO_PHONE
from plainleaf.load.phones import (
    emergency_phone_of,
    is_country,
    known_emergency_numbers,
    phone_of,
)
from plainleaf.machine.program import IS_INSTALLED, NAME, TEMPLATES
from plainleaf.machine.report import Report
from plainleaf.model import Project
from plainleaf.plan import Choice
from plainleaf.problems import ContentError, MachineError, Place, Problem, choices
from plainleaf.records.release import UNWRITTEN

STARTER = Path(__file__).with_name("starter")
# How long the placeholders may stand before somebody looks at them again.
YEARS_TO_REVIEW = 1
# What of a procedure's name would be Markdown, HTML or a name to fill in.
_MARKUP = re.compile(r'[*_<>\[\]{}|`\\#"«»]|: |:$')
# What YAML takes as a text as it stands; the rest is put in quotes.
_PLAIN = re.compile(
    r"(?!(?:yes|no|on|off|true|false|null|y|n)$)[^\W\d_](?!.*(?:: | #)).*(?<![:\s])", re.IGNORECASE
)
_YAML_LINE = re.compile(r"^(\s*(?:- |[\w-]+: ))(.*«.*)$")
_VALUE = re.compile("«([a-zA-Z_]+)»")
_ANSWERS = ("yes", "y", "no", "n")
_NEEDED = ("name", "procedure")
_OF_CLINIC = ("daytime_phone", "out_of_hours_phone", "address", "country", "emergency_phone")


class _RefusedError(ValueError):
    """What was said cannot be meant; says why, and the way out."""


def new(given: Options, report: Report, day: date) -> int:
    """Write a project into a new folder; give the exit status.

    What is not given is asked for, where somebody sits at a terminal. Nothing is written unless all
    of it is sound. Raises MachineError for what cannot be meant, and for a folder that is in use.
    """
    folder: Path = given.folder
    _require_free(folder)
    try:
        said = _Asked(given).all()
    except (EOFError, KeyboardInterrupt):
        raise MachineError("\nStopped. Nothing was written.") from None
    files = dict(_files(said, given.language or "en", day))
    with _beside(folder) as beside:
        made = Path(beside, "project")
        for name, text in files.items():
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
        project = Project(made.resolve(), TEMPLATES)
        try:
            known, _, verdict = prepare(
                project, Choice(), Report("quiet"), day, releases=False, holds_limits=False
            )
        except ContentError as error:
            report.problems(_in_what_was_said(error, files, said), "Nothing was written.")
            return 1
        shutil.rmtree(project.build, ignore_errors=True)
        _put(made, folder)
    unwritten = sum(each.gate == UNWRITTEN for each in verdict.problems)
    named = shlex.quote(str(folder))
    report.line(
        f"Wrote {folder}: {len(known.docs.pages)} pages, {len(known.library.handouts)} handouts.\n"
        f'What is missing says so in {unwritten} places, which begin with "Not written yet".'
    )
    report.line(
        f"See it: `{NAME} serve --project {named}`."
        if not IS_INSTALLED
        else f"See it: `{NAME} serve`."
        if folder.samefile(Path())
        else f"See it: `cd {named}`, then `{NAME} serve`."
    )
    return 0


def _in_what_was_said(
    error: ContentError, files: Mapping[str, str], said: Mapping[str, str]
) -> list[Problem]:
    """Give what stands in the way, once, at the option that says it: there are no files to look at.

    What is in no option is told at the file as it would be.
    """
    found: dict[tuple[Place, str], Problem] = {}
    for problem in error.problems:
        lines = ["", *files.get(problem.source.path, "").split("\n")]
        line = lines[min(problem.source.line, len(lines) - 1)].lower()
        for name in (*_NEEDED, *_OF_CLINIC):
            told = {said.get(name, "").lower(), _yaml(said.get(name, "")).lower()}
            if any(text and text in line for text in told):
                problem = replace(problem, source=Place(_option(name)))  # noqa: PLW2901
                break
        if not problem.is_warning:
            found.setdefault((problem.source, problem.message), problem)
    return list(found.values())


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _beside(folder: Path) -> TemporaryDirectory[str]:
    """Give a folder on the same disk, which is gone when this is closed."""
    try:
        return TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.absolute().parent)
    except OSError as error:
        raise MachineError(
            f'"{folder}" cannot be made ({(error.strerror or "unknown").lower()}).\n'
            "    Choose a folder in which you may write."
        ) from error


def _require_free(folder: Path) -> None:
    """Refuse a folder that holds something, or that cannot be made."""
    if folder.is_dir() and any(folder.iterdir()):
        raise MachineError(
            f'"{folder}" is not empty, and nothing is overwritten.\n    Name another.'
        )
    if not folder.is_dir() and (folder.exists() or folder.is_symlink()):
        raise MachineError(f'"{folder}" is a file, and nothing is overwritten.\n    Name another.')
    if not folder.absolute().parent.is_dir():
        raise MachineError(
            f'there is no folder "{folder.parent}" to put "{folder.name}" into.\n    Make it first.'
        )


def _put(made: Path, folder: Path) -> None:
    """Put what was made in its place, all or nothing."""
    if not folder.exists():
        made.rename(folder)
        return
    put = []
    try:
        for each in sorted(made.iterdir()):
            put.append(each.rename(folder / each.name))
    except BaseException:
        for each in put:
            with suppress(OSError):
                shutil.rmtree(each) if each.is_dir() else each.unlink()
        raise


class _Asked:
    """What was said on the command line, and after it at the terminal."""

    def __init__(self, given: Options) -> None:
        self.given = {name: getattr(given, name) for name in (*_NEEDED, *_OF_CLINIC)}
        self.language: str = given.language
        self.asks = sys.stdin is not None and sys.stdin.isatty()  # none where it is closed
        self.said: dict[str, str] = {}

    def all(self) -> dict[str, str]:
        """Give all that a project needs; raise MachineError for all that is missing or wrong."""
        if self.language and self.language not in _languages():
            raise MachineError(
                f'nothing is there to begin with in "{self.language}". '
                f"{choices(_languages(), self.language, 'languages')}\n"
                "    Begin in one of them, and translate it: CONTRIBUTING.md, A language."
            )
        wrong = [*self._take("name"), *self._take("procedure")]
        is_named = any(self.given[name] for name in _OF_CLINIC)
        if is_named or self.asks:
            # The country first: it tells what a number may be.
            wrong += self._clinic(is_named=is_named)
        if wrong:
            raise MachineError("\n".join(wrong))
        return self.said

    def _clinic(self, *, is_named: bool) -> Iterator[str]:
        if not is_named and not self._wants_named():
            return
        for name in ("address", "country"):
            yield from self._take(name)
        if "country" in self.said:
            for name in ("emergency_phone", "daytime_phone", "out_of_hours_phone"):
                yield from self._take(name)

    def _wants_named(self) -> bool:
        print("Sheets bear your clinic's address and numbers, or lines to write them on.")
        while (answer := input("Print yours (yes, no)? ").strip().lower()) not in _ANSWERS:
            print("Type yes or no.")
        return answer.startswith("y")

    def _take(self, name: str) -> Iterator[str]:
        """Note what was said of something, and ask for it where it is not; give what is wrong."""
        read, asked = _QUESTIONS[name]
        written = self.given[name]
        option = _option(name)
        while True:
            if written is None and not self.asks:
                yield f'{option} is missing: {asked(self.said)}.\n    Add {option} "…".'
                return
            try:
                if written is None:
                    question = asked(self.said)
                    written = " ".join(input(f"{question[0].upper()}{question[1:]}: ").split())
                self.said[name] = read(written, self.said)
                return
            except _RefusedError as refused:
                if self.given[name] is not None or not self.asks:
                    yield f"{option}: {refused}"
                    return
                print(refused)
                written = None


def _languages() -> list[str]:
    """Give the languages in which a project can begin."""
    return sorted(path.name for path in (STARTER / "docs").iterdir() if path.name != "facts")


def _name(written: str, _: Mapping[str, str]) -> str:
    if not any(sign.isalnum() for sign in written):
        raise _RefusedError("it needs a letter. Write it as people say it.")
    return written


def _procedure(written: str, said: Mapping[str, str]) -> str:
    if found := _MARKUP.search(written):
        sign = found.group().strip()
        raise _RefusedError(f"the sign {sign} means more than itself in a page. Leave it out.")
    return _name(written, said)


def _address(written: str, said: Mapping[str, str]) -> str:
    return _name(written.strip(" ,"), said)


def _country(written: str, _: Mapping[str, str]) -> str:
    code = written.upper()
    if is_country(code):
        return code
    names = {str(name).lower(): code for code, name in Locale("en").territories.items()}
    near = get_close_matches(written.lower(), names, n=1)
    meant = f"Did you mean {names[near[0]]}? " if near and is_country(names[near[0]]) else ""
    raise _RefusedError(
        f'"{written}" is no country. {meant}Write its two letters (ISO 3166-1), such as GB or IE.'
    )


def _emergency_phone(written: str, said: Mapping[str, str]) -> str:
    country = said["country"]
    if not emergency_phone_of(written, country):
        known = ", ".join(known_emergency_numbers(country)) or "none"
        raise _RefusedError(f'"{written}" calls no ambulance in {country}. Known there: {known}.')
    return written


def _phone(written: str, said: Mapping[str, str]) -> str:
    country = said["country"]
    if not phone_of(written, country):
        hint = "Write it as people there dial it, or from + on."
        raise _RefusedError(f'"{written}" is no telephone number in {country}. {hint}')
    return written


def _out_of_hours(written: str, said: Mapping[str, str]) -> str:
    return NO_PHONE if written.lower() == NO_PHONE else _phone(written, said)


_Read = Callable[[str, Mapping[str, str]], str]
_Asks = Callable[[Mapping[str, str]], str]
_QUESTIONS: dict[str, tuple[_Read, _Asks]] = {
    "name": (_name, lambda _: "the name of your practice or project"),
    "procedure": (_procedure, lambda _: "the procedure, as within a sentence (ear-wax removal)"),
    "address": (_address, lambda _: "the address of the clinic, with commas"),
    "country": (_country, lambda _: "its country, in two letters (GB, IE, US)"),
    "emergency_phone": (
        _emergency_phone,
        lambda said: (
            "the number that calls an ambulance"
            + "".join(f" ({', '.join(known)})" for known in [_emergency_numbers(said)] if known)
        ),
    ),
    "daytime_phone": (_phone, lambda _: "the telephone of the clinic in office hours"),
    "out_of_hours_phone": (
        _out_of_hours,
        lambda _: f"the telephone at other times, or {NO_PHONE}",
    ),
}


def _emergency_numbers(said: Mapping[str, str]) -> list[str]:
    return known_emergency_numbers(said["country"]) if "country" in said else []


def _files(said: Mapping[str, str], language: str, day: date) -> Iterator[tuple[str, str]]:
    """Give the files of the project, by their names."""
    has_clinic = "country" in said
    procedure = said["procedure"]
    values = {
        **said,
        "Procedure": procedure[0].upper() + procedure[1:],
        "slug": _slug(said["name"]) if has_clinic else "any-clinic",
        "today": day.isoformat(),
        "review_by": day.replace(year=day.year + YEARS_TO_REVIEW, day=min(day.day, 28)).isoformat(),
        "version": __version__,
        "emergency_numbers": "{{ emergency_numbers() }}" if has_clinic else "",
    }
    left_out = "clinics/any-clinic/" if has_clinic else "clinics/clinic/"
    for path in sorted(STARTER.rglob("*")):
        name = path.relative_to(STARTER).as_posix()
        is_other = re.match(r"docs/(?!facts/)", name) and not name.startswith(f"docs/{language}/")
        if not path.is_file() or is_other or name.startswith(left_out):
            continue
        name = re.sub(r"(^|/)dot-", r"\1.", name)
        name = name.replace("clinics/clinic/", f"clinics/{values['slug']}/")
        yield name, _filled(path.read_text("utf-8"), name, values)
    if has_clinic:
        yield "docs/facts/emergency-numbers.yml", _emergency_file(said)


def _emergency_file(said: Mapping[str, str]) -> str:
    return (
        "# The numbers that call an ambulance, as pages show them, by country (ISO 3166-1).\n\n"
        f'{said["country"]}:\n  number: "{said["emergency_phone"]}"\n'
    )


def _filled(text: str, name: str, values: Mapping[str, str]) -> str:
    """Give a text with what was said in it: in quotes where YAML would take it otherwise."""
    lines = []
    is_yaml = name.endswith(".yml")
    for number, line in enumerate(text.split("\n")):
        if name.endswith(".md") and line == "---":
            is_yaml = number == 0
        found = _YAML_LINE.match(line) if is_yaml else None
        if found and found[2] == "«address»":
            parts = [part.strip() for part in values["address"].split(",")]
            lines += [f"{found[1]}{_yaml(part)}" for part in parts if part]
        elif found and found[2] in ("«today»", "«review_by»"):
            lines.append(f"{found[1]}{values[found[2].strip('«»')]}")
        elif found:
            lines.append(f"{found[1]}{_yaml(_put_in(found[2], values))}")
        else:
            lines.append(_put_in(line, values))
    return "\n".join(lines)


def _put_in(text: str, values: Mapping[str, str]) -> str:
    return _VALUE.sub(lambda found: values[found[1]], text)


def _yaml(text: str) -> str:
    """Give a text as it stands in YAML for every program that reads it."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _slug(name: str) -> str:
    """Give the name of a clinic's folder: small Latin letters, digits and hyphens."""
    plain = normalize("NFKD", name.replace("ß", "ss").replace("'", "").replace("’", ""))
    letters = "".join(sign for sign in plain if sign.isascii()).lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:40].rstrip("-") or "our-clinic"
