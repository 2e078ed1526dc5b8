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
from plainleaf.machine.disk import write_below
from plainleaf.machine.program import IS_INSTALLED, NAME, TEMPLATES
from plainleaf.machine.report import Report
from plainleaf.model import Project
from plainleaf.plan import Choice
from plainleaf.problems import ContentError, MachineError, Place, Problem, choices
from plainleaf.records.release import UNWRITTEN

STARTER = Path(__file__).with_name("starter")
# Pages of a new project are due for a review after so many years.
YEARS_TO_REVIEW = 1
# Signs in a procedure's name that would be Markdown, HTML or a placeholder.
_MARKUP = re.compile(r'[*_<>\[\]{}|`\\#"«»]|: |:$')
# A text that YAML needs no quotes for.
_PLAIN = re.compile(
    r"(?!(?:yes|no|on|off|true|false|null|y|n)$)[^\W\d_](?!.*(?:: | #)).*(?<![:\s])", re.IGNORECASE
)
_YAML_LINE = re.compile(r"^(\s*(?:- |[\w-]+: ))(.*«.*)$")
_VALUE = re.compile("«([a-zA-Z_]+)»")
_YES_OR_NO = ("yes", "y", "no", "n")
_PHONES = ("emergency_phone", "daytime_phone", "out_of_hours_phone")
_NEEDED = ("name", "procedure")
_OF_CLINIC = ("daytime_phone", "out_of_hours_phone", "address", "country", "emergency_phone")


class _RefusedError(ValueError):
    """What was said cannot be meant; says why, and the way out."""


def new(options: Options, report: Report, day: date) -> int:
    """Write a project into a new folder; give the exit status.

    What is not given is asked for, where somebody sits at a terminal. Nothing is written unless all
    of it is sound. Raises MachineError for what cannot be meant, and for a folder that is in use.
    """
    folder: Path = options.folder
    _require_free(folder)
    try:
        answers = _answers(options)
    except (EOFError, KeyboardInterrupt):
        raise MachineError("\nStopped. Nothing was written.") from None
    files = dict(_files(answers, options.language or "en", day))
    with _beside(folder) as beside:
        made = Path(beside, "project")
        write_below(made, {name: text.encode("utf-8") for name, text in files.items()})
        project = Project(made.resolve(), TEMPLATES)
        try:
            checked, _, verdict = prepare(
                project, Choice(), Report("quiet"), day, releases=False, holds_limits=False
            )
        except ContentError as error:
            report.problems(_at_options(error, files, answers), "Nothing was written.")
            return 1
        shutil.rmtree(project.build, ignore_errors=True)
        _put(made, folder)
    unwritten = sum(problem.gate == UNWRITTEN for problem in verdict.problems)
    pages, handouts = len(checked.docs.pages), len(checked.library.handouts)
    report.line(
        f"Wrote {folder}: {pages} pages, {handouts} handouts.\n"
        f'What is missing says so in {unwritten} places, which begin with "Not written yet".'
    )
    named = shlex.quote(str(folder))
    report.line(
        f"See it: `{NAME} serve --project {named}`."
        if not IS_INSTALLED
        else f"See it: `{NAME} serve`."
        if folder.samefile(Path())
        else f"See it: `cd {named}`, then `{NAME} serve`."
    )
    return 0


def _at_options(
    error: ContentError, files: Mapping[str, str], answers: Mapping[str, str]
) -> list[Problem]:
    """Give each error once, at the option whose text its line holds: the file was not written.

    One whose line holds no option's text is given at the file as it would be.
    """
    errors: dict[tuple[Place, str], Problem] = {}
    for problem in error.problems:
        lines = ["", *files.get(problem.source.path, "").split("\n")]
        line = lines[min(problem.source.line, len(lines) - 1)].lower()
        options = (
            _option(name)
            for name in (*_NEEDED, *_OF_CLINIC)
            if (text := answers.get(name, "").lower()) and (text in line or _yaml(text) in line)
        )
        source = Place(option) if (option := next(options, "")) else problem.source
        if not problem.is_warning:
            errors.setdefault((source, problem.message), replace(problem, source=source))
    return list(errors.values())


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


def _answers(options: Options) -> dict[str, str]:
    """Give all that a project needs, by the names of options: what they leave out is asked for.

    Raises MachineError for all that is missing or wrong.
    """
    if options.language and options.language not in _languages():
        raise MachineError(
            f'nothing is there to begin with in "{options.language}". '
            f"{choices(_languages(), options.language, 'languages')}\n"
            "    Begin in one of them, and translate it: CONTRIBUTING.md, A language."
        )
    asks = sys.stdin is not None and sys.stdin.isatty()  # it is None where it is closed
    answers: dict[str, str] = {}
    wrong = [_take(name, options, answers, asks=asks) for name in _NEEDED]
    is_named = any(getattr(options, name) for name in _OF_CLINIC)
    if is_named or (asks and _prints_own()):
        # The country before the telephones: their numbers are checked against it.
        wrong += [_take(name, options, answers, asks=asks) for name in ("address", "country")]
        if "country" in answers:
            wrong += [_take(name, options, answers, asks=asks) for name in _PHONES]
    if any(wrong):
        raise MachineError("\n".join(filter(None, wrong)))
    return answers


def _prints_own() -> bool:
    print("Sheets bear your clinic's address and numbers, or lines to write them on.")
    while (answer := input("Print yours (yes, no)? ").strip().lower()) not in _YES_OR_NO:
        print("Type yes or no.")
    return answer.startswith("y")


def _take(name: str, options: Options, answers: dict[str, str], *, asks: bool) -> str:
    """Note what an option says, or else what is answered; give what is wrong, "" if nothing."""
    read, question = _QUESTIONS[name]
    numbers = ", ".join(known_emergency_numbers(answers.get("country", "")))
    question = question.format(numbers=f" ({numbers})" if numbers else "")
    option, written = _option(name), getattr(options, name)
    if written is None and not asks:
        return f'{option} is missing: {question}.\n    Add {option} "…".'
    while True:
        answer = written
        if answer is None:
            answer = " ".join(input(f"{question[0].upper()}{question[1:]}: ").split())
        try:
            answers[name] = read(answer, answers)
            return ""
        except _RefusedError as refused:
            if written is not None:
                return f"{option}: {refused}"
            print(refused)


def _languages() -> list[str]:
    """Give the languages in which a project can begin."""
    return sorted(path.name for path in (STARTER / "docs").iterdir() if path.name != "facts")


# Each of these gives an answer as it is kept; answers are those before it. They raise _RefusedError
# for what cannot be meant.


def _name(written: str, _: Mapping[str, str]) -> str:
    if not any(sign.isalnum() for sign in written):
        raise _RefusedError("it needs a letter. Write it as people say it.")
    return written


def _procedure(written: str, answers: Mapping[str, str]) -> str:
    if sign_of_markup := _MARKUP.search(written):
        sign = sign_of_markup.group().strip()
        raise _RefusedError(f"the sign {sign} means more than itself in a page. Leave it out.")
    return _name(written, answers)


def _address(written: str, answers: Mapping[str, str]) -> str:
    return _name(written.strip(" ,"), answers)


def _country(written: str, _: Mapping[str, str]) -> str:
    code = written.upper()
    if is_country(code):
        return code
    codes = {str(name).lower(): code for code, name in Locale("en").territories.items()}
    near = [codes[name] for name in get_close_matches(written.lower(), codes, n=1)]
    meant = f"Did you mean {near[0]}? " if any(map(is_country, near)) else ""
    raise _RefusedError(
        f'"{written}" is no country. {meant}Write its two letters (ISO 3166-1), such as GB or IE.'
    )


def _emergency_phone(written: str, answers: Mapping[str, str]) -> str:
    country = answers["country"]
    if not emergency_phone_of(written, country):
        numbers = ", ".join(known_emergency_numbers(country)) or "none"
        raise _RefusedError(f'"{written}" calls no ambulance in {country}. Known there: {numbers}.')
    return written


def _phone(written: str, answers: Mapping[str, str]) -> str:
    country = answers["country"]
    if not phone_of(written, country):
        hint = "Write it as people there dial it, or from + on."
        raise _RefusedError(f'"{written}" is no telephone number in {country}. {hint}')
    return written


def _out_of_hours(written: str, answers: Mapping[str, str]) -> str:
    return NO_PHONE if written.lower() == NO_PHONE else _phone(written, answers)


# What reads an answer, and the question; {numbers} are those that call an ambulance in the country.
_QUESTIONS: dict[str, tuple[Callable[[str, Mapping[str, str]], str], str]] = {
    "name": (_name, "the name of your practice or project"),
    "procedure": (_procedure, "the procedure, as within a sentence (ear-wax removal)"),
    "address": (_address, "the address of the clinic, with commas"),
    "country": (_country, "its country, in two letters (GB, IE, US)"),
    "emergency_phone": (_emergency_phone, "the number that calls an ambulance{numbers}"),
    "daytime_phone": (_phone, "the telephone of the clinic in office hours"),
    "out_of_hours_phone": (_out_of_hours, f"the telephone at other times, or {NO_PHONE}"),
}


def _files(answers: Mapping[str, str], language: str, day: date) -> Iterator[tuple[str, str]]:
    """Give the files of the project, by their names."""
    has_clinic = "country" in answers
    procedure = answers["procedure"]
    values = {
        **answers,
        "Procedure": procedure[0].upper() + procedure[1:],
        "slug": _slug(answers["name"]) if has_clinic else "any-clinic",
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
        yield (
            "docs/facts/emergency-numbers.yml",
            "# The numbers that call an ambulance, as pages show them, by country (ISO 3166-1).\n\n"
            f'{answers["country"]}:\n  number: "{answers["emergency_phone"]}"\n',
        )


def _filled(text: str, name: str, values: Mapping[str, str]) -> str:
    """Give a text with the answers in it: in quotes where YAML would take them otherwise."""
    lines = []
    is_yaml = name.endswith(".yml")
    for number, line in enumerate(text.split("\n")):
        if name.endswith(".md") and line == "---":
            is_yaml = number == 0
        filled = _VALUE.sub(lambda name: values[name[1]], line)
        match = _YAML_LINE.match(line) if is_yaml else None
        if match and match[2] == "«address»":
            parts = [part.strip() for part in values["address"].split(",")]
            lines += [f"{match[1]}{_yaml(part)}" for part in parts if part]
        elif match and match[2] not in ("«today»", "«review_by»"):
            lines.append(f"{match[1]}{_yaml(filled.removeprefix(match[1]))}")
        else:
            lines.append(filled)
    return "\n".join(lines)


def _yaml(text: str) -> str:
    """Give a text as it stands in YAML for every program that reads it."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _slug(name: str) -> str:
    """Give the name of a clinic's folder: small Latin letters, digits and hyphens."""
    plain = normalize("NFKD", name.replace("ß", "ss").replace("'", "").replace("’", ""))
    letters = "".join(sign for sign in plain if sign.isascii()).lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:40].rstrip("-") or "our-clinic"
