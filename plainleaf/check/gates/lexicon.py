"""What the gates know of a language: its claims, its words for how often, its short forms.

The program brings a file for each language that it knows. A project may add to it, or override an
entry, in docs/<language>/lexicon.yml, and write a whole one for another language. A language with
neither is not held against these gates, and the build says so.

What holds for one procedure alone is no part of a language: see for_procedure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from plainleaf.files.yaml_file import Record, read_yaml
from plainleaf.model import Project, Rules
from plainleaf.problems import Problem, choices, short
from plainleaf.read.elements import NAMES, SHEETS

FOLDER = Path(__file__).parent / "lexicon"
# The gate of what must not be said by the project's own rules or lexicon.
OWN = "own"
# What stands for a procedure in a lexicon: its name in messages, the phrases that name it in
# patterns. Where nobody has named one, no pattern finds it.
_NAME, _NAMES = "{procedure}", "{names}"
# The name of a class in a pattern, which no number of times can be: {2,3}.
_IN_BRACES = re.compile(r"\{([a-z][a-z-]*)\}")
# How a pattern asks for capital letters where they stand; and the letters that one looks for, those
# of `\\S` and `(?P<name>` left aside.
_AS_WRITTEN = "(?-i:"
_LETTER = re.compile(r"(?<!\\)(?<!\(\?)[^\W\d_]")
_NOTHING = r"(?!)"
UNNAMED = "this treatment"
# What the patterns of a language are written with. A lexicon may do without.
_CLASSES, _SHORT_FORMS = "classes", "short-forms"
_OFF_LABEL = "that the use is off-label"


@dataclass(frozen=True, slots=True)
class Claim:
    """A thing that must not be said: patterns that say it, contexts that make it harmless.

    gate is what names its findings. needs names what makes it sound when it stands in the same
    sentence: a `source`, or "" for nothing. ignores_denial: a "not" before it
    does not take it back, as in "agree not to sue".
    """

    id: str
    gate: str
    says: re.Pattern[str]
    allowed: re.Pattern[str] | None
    needs: str
    ignores_denial: bool
    reason: str
    hint: str
    standard: str

    @property
    def minds_capitals(self) -> bool:
        """Tell whether capitals count in it: it is looked for in a sentence as it stands.

        All others are kept in small letters and looked for in small letters, in half the time. So
        only one that minds capitals has the flag that lets it find both kinds.
        """
        return bool(self.says.flags & re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """A language as the gates know it, with the rules of one procedure; there is one for each.

    instead gives what to write for words that are hard (`plainer`) or that name people by an
    illness (`person`). short_forms gives what stands for "n't" and the like, in full. written is
    the lexicon as its file has it.

    The rest comes with a procedure: claims that must not be made of it; its name within a sentence;
    and phrases, the words in which its rules look for what an element of a handout must say.
    """

    patterns: dict[str, re.Pattern[str]]
    words: dict[str, tuple[str, ...]]
    said: dict[tuple[str, str], dict[str, re.Pattern[str]]]
    instead: dict[str, tuple[tuple[re.Pattern[str], str], ...]]
    short_forms: tuple[tuple[re.Pattern[str], str], ...]
    written: Mapping[str, Any]
    claims: tuple[Claim, ...] = ()
    procedure: str = UNNAMED
    phrases: Mapping[tuple[str, str, str], str] = field(default_factory=dict)

    def elements(self, kind: str, name: str) -> dict[str, re.Pattern[str]]:
        """Give what an element of a kind of handout must say: by what it is, how it is found."""
        return self.said.get((kind, name), {})

    def in_full(self, sentence: str) -> str:
        """Give a sentence without short forms: "it is not" for "it isn't"."""
        for short_form, full in self.short_forms:
            sentence = short_form.sub(full, sentence)
        return sentence

    def way_in(self, kind: str, name: str, what: str) -> str:
        """Say how an element comes to say what it lacks."""
        looked_for = self.phrases.get((kind, name, what), "")
        return f"Say it there, in plain words.{looked_for and f' {looked_for}'}"


def has_lexicon(language: str) -> bool:
    """Tell whether the program can check the words of a language."""
    return _file(language).is_file()


def _file(language: str) -> Path:
    """Give the file of a language, or of what it is a kind of: en for en-GB."""
    while "-" in language and not (FOLDER / f"{language}.yml").is_file():
        language = language.rpartition("-")[0]
    return FOLDER / f"{language}.yml"


@cache
def shipped_lexicon(language: str) -> Lexicon:
    """Give what the program knows of a language; it must have a file."""
    return _lexicon(_written(language))


def standards_of_claims() -> dict[str, str]:
    """Give the standard of each claim that the program knows, by the name of the claim."""
    return {name: claim["standard"] for name, claim in _written("en")["claims"].items()}


@cache
def _written(language: str) -> dict[str, Any]:
    written: dict[str, Any] = yaml.load(_file(language).read_text("utf-8"), yaml.CBaseLoader)
    return written


def lexicon_of(project: Project, language: str) -> tuple[Lexicon | None, list[Problem]]:
    """Give what is known of a language in a project, and what is wrong with its own lexicon.yml.

    Where that is broken, the program's is given, if there is one.
    """
    return project.once(("lexicon", language), lambda: _lexicon_of(project, language))


def _lexicon_of(project: Project, language: str) -> tuple[Lexicon | None, list[Problem]]:
    lexicon = shipped_lexicon(language) if has_lexicon(language) else None
    path, problems = project.folder / "docs" / language / "lexicon.yml", list[Problem]()
    if not path.exists():
        return lexicon, problems
    record = read_yaml(project, path, "a lexicon", problems)
    written = _read_own(record, lexicon) if record else None
    return (lexicon if written is None else _lexicon(written)), problems


def _lexicon(written: Mapping[str, Any]) -> Lexicon:
    classes = written.get(_CLASSES, {})
    patterns = {name: _pattern(given, classes) for name, given in written["patterns"].items()}
    words = {name: tuple(given) for name, given in written["words"].items()}
    said = {
        (kind, name): {what: _pattern(given) for what, given in needs.items()}
        for kind in NAMES
        for name, needs in written[kind].items()
    }
    instead = {name: _whole_words(given) for name, given in written["instead"].items()}
    short_forms = _whole_words(written.get(_SHORT_FORMS, {}))
    return Lexicon(patterns, words, said, instead, short_forms, written)


def _whole_words(given: Mapping[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_pattern(rf"\b(?:{old})\b"), better) for old, better in given.items())


@lru_cache(64)
def for_procedure(
    lexicon: Lexicon, rules: Rules | None, called: str = "", may_be_said: tuple[str, ...] = ()
) -> Lexicon:
    """Give what is known of a language with what the rules of a procedure add to it.

    Without rules, called is what it is called, or "". may_be_said are claims that pass beside a
    source.
    """
    name = rules.procedure if rules else called or UNNAMED
    spoken = _phrases(rules.names) if rules else _NOTHING
    classes = lexicon.written.get(_CLASSES, {})
    claims = []
    for claim_name, given in lexicon.written["claims"].items():
        claim = _claim(claim_name, given, classes, name, spoken)
        claims.append(replace(claim, needs="source") if claim.id in may_be_said else claim)
    if rules is None:
        return replace(lexicon, claims=tuple(claims), procedure=name)
    for own in rules.claims:
        says = re.compile(_phrases(own.says), re.IGNORECASE)
        why = own.reason, own.hint, own.standard
        claims.append(Claim(own.id, OWN, says, None, "", False, *why))
    said = {key: dict(needs) for key, needs in lexicon.said.items()}
    off_label = said.pop(("consent", "off-label"), {})
    if rules.is_off_label:
        said["consent", "off-label"] = off_label
        for pattern in off_label.values():
            said.setdefault(("consent", "questions"), {})[_OFF_LABEL] = pattern
    called_for = {}
    for demand in rules.demands:
        kind, element, what = demand.kind, demand.element, demand.what
        pattern = re.compile(_phrases(demand.phrases), re.IGNORECASE)
        said.setdefault((kind, element), {})[what] = pattern
        looked_for = f"{rules.source.path} looks for: {', '.join(demand.phrases)}."
        called_for[kind, element, what] = looked_for
    needs = said.setdefault(("consent", "procedure"), {})
    needs[f"the name of the procedure ({name})"] = re.compile(spoken, re.IGNORECASE)
    patterns = dict(lexicon.patterns)
    if rules.red_flags:
        flags = f"{lexicon.patterns['red-flag'].pattern}|{_phrases(rules.red_flags)}"
        patterns["red-flag"] = re.compile(flags, re.IGNORECASE)
    return replace(
        lexicon,
        claims=tuple(claims),
        patterns=patterns,
        said=said,
        procedure=name,
        phrases=called_for,
    )


def _phrases(phrases: Sequence[str]) -> str:
    """Give the pattern that finds any of some phrases, as rules write them."""
    return "|".join(f"(?:{_phrase(phrase)})" for phrase in phrases)


def _phrase(phrase: str) -> str:
    """Give the pattern of a phrase: `*` is any ending of a word, `…` any words between."""
    first, *rest = (_words(piece.split()) for piece in phrase.replace("...", "…").split("…"))
    # The nearest of what follows is taken and kept: to try all others would take for ever.
    return first + "".join(f"(?>.*?{piece})" for piece in rest)


def _words(words: Sequence[str]) -> str:
    """Give the pattern of words that follow each other, and are no part of longer ones."""
    escaped = (re.escape(word).replace(r"\*", r"\w*") for word in words)
    said = re.sub("['’]", "['’]", r"\s+".join(escaped))
    before = r"(?<!\w)" if words[0][0].isalnum() else ""
    after = r"(?!\w)" if words[-1][-1].isalnum() else ""
    return f"{before}{said}{after}"


def _claim(
    name: str,
    given: Mapping[str, Any],
    classes: Mapping[str, str],
    procedure: str,
    names: str,
) -> Claim:
    """Give a claim of a lexicon, of a procedure that has a name."""
    allowed = _pattern(given["allowed"], classes, names) if "allowed" in given else None
    reason, hint = (str(given[key]).replace(_NAME, procedure) for key in ("reason", "hint"))
    gate = name if name in _written("en")["claims"] else OWN
    says = _pattern(given["says"], classes, names)
    return Claim(
        name,
        gate,
        says if _AS_WRITTEN in says.pattern else _in_small_letters(says),
        allowed,
        given.get("needs", ""),
        "ignores-denial" in given,
        reason,
        hint,
        given["standard"],
    )


def _in_small_letters(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """Give a pattern that finds in small letters what this one finds in any."""
    return re.compile(_LETTER.sub(lambda found: found[0].lower(), pattern.pattern))


def _pattern(
    given: str | Sequence[str], classes: Mapping[str, str] | None = None, names: str = ""
) -> re.Pattern[str]:
    """Join patterns of a lexicon.

    classes gives by its name what stands for a class of words in them, such as {symptom}; names
    is what stands for the names of the procedure.
    """
    pieces = [given] if isinstance(given, str) else given
    joined = "|".join(f"(?:{piece})" for piece in pieces)
    for name, words in (classes or {}).items():
        joined = joined.replace(f"{{{name}}}", f"(?:{words})")
    return re.compile(joined.replace(_NAMES, f"(?:{names or _NOTHING})"), re.IGNORECASE)


def _read_own(record: Record, lexicon: Lexicon | None) -> dict[str, Any] | None:
    """Give a lexicon of a project over that of the program, or None where something is wrong."""
    english = {
        name: table
        for name, table in _written("en").items()
        if name not in (_CLASSES, _SHORT_FORMS)
    }
    written = lexicon.written if lexicon else {table: {} for table in english}
    merged: dict[str, dict[str, Any]] = {name: dict(table) for name, table in written.items()}
    for name in (_CLASSES, _SHORT_FORMS):
        if table := record.record(name, f"the {name}"):
            merged[name] = {**merged.get(name, {}), **_tried(table, are_keys=name == _SHORT_FORMS)}
    for name in english:
        if table := record.record(name, f"the {name}"):
            for key in table.names():
                _read_entry(table, name, key, merged[name], merged.get(_CLASSES, {}))
    record.finish()
    lacking = [
        f"{name}: {', '.join(absent)}"
        for name, table in english.items()
        if (absent := [key for key in table if key not in merged[name]])
    ]
    if lacking and record.is_good:
        fact = "the program knows nothing of this language, and this lexicon is not whole."
        record.note(fact, f"Add what is missing. {'; '.join(lacking)}.")
    return merged if record.is_good else None


def _read_entry(
    table: Record, name: str, key: str, merged: dict[str, Any], classes: Collection[str]
) -> None:
    """Read an entry of a table of a lexicon; it takes the place of the one of the same name.

    classes are the names of the classes of words, which claims and patterns may ask for.
    """
    english = _written("en")[name]
    allowed = NAMES[name] if name in NAMES else tuple(english)
    if name != "claims" and key not in allowed:
        fact = f'"{key}" is not a key of the {name}.'
        if name in NAMES:
            fact = f'"{key}" is no element of {SHEETS[name]}.'
        table.note(fact, choices(allowed, key, "elements" if name in NAMES else "keys"), key)
    elif name == "words":
        merged[key] = table.texts(key)
    elif name == "patterns":
        merged[key] = _read_patterns(table, key, classes)
    elif entry := table.record(key, f'"{key}"'):
        if name == "claims":
            merged[key] = _read_claim(entry, classes)
        else:
            merged[key] = {**merged.get(key, {}), **_tried(entry, are_keys=name == "instead")}


def _tried(record: Record, *, are_keys: bool) -> dict[str, str]:
    """Give the texts of a table, in which the keys or the texts are patterns that work."""
    texts = record.texts_by_key()
    for key, text in texts.items():
        _try(record, key, key if are_keys else text)
    return texts


def _read_claim(record: Record, classes: Collection[str]) -> dict[str, Any]:
    claim: dict[str, Any] = {"says": _read_patterns(record, "says", classes)}
    record.read.update(("allowed", "needs", "ignores-denial"))
    if record.has("allowed"):
        claim["allowed"] = _read_patterns(record, "allowed", classes)
    if record.has("needs"):
        claim["needs"] = record.one_of("needs", ("source",))
    if record.has("ignores-denial") and record.one_of("ignores-denial", ("yes", "no")) == "yes":
        claim["ignores-denial"] = "yes"
    claim |= {key: record.text(key) for key in ("reason", "hint", "standard")}
    record.finish()
    return claim


def _read_patterns(record: Record, key: str, classes: Collection[str]) -> str | tuple[str, ...]:
    """Give the pattern under a key, or the list of them, of which none may be broken."""
    is_one = record.is_text(key)
    patterns = (record.text(key),) if is_one else record.texts(key)
    for pattern in patterns:
        _try(record, key, pattern, classes)
    return patterns[0] if is_one else patterns


def _try(record: Record, key: str, pattern: str, classes: Collection[str] = ()) -> None:
    """Note what is wrong with a pattern, such as a class of words that is none of these."""
    for name in _IN_BRACES.findall(pattern):
        if name not in (*classes, "names"):
            fact = f'no class of words that may stand here is called "{name}".'
            record.note(fact, choices((*classes, "names"), name, "names"), key)
    try:
        _pattern(pattern)
    except re.error as error:
        fact = f'the pattern "{short(pattern)}" is broken: {error.msg}.'
        record.note(fact, "Look at its brackets and backslashes, or write plain words.", key)
