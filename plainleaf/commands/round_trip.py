"""The round trip of a translation: its blocks as a PO file for translators, and back into pages.

PO is what gettext takes, and each program for translators reads and writes it. A block is a unit:
msgctxt names its page and section, msgid is its Markdown.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po
from jinja2 import TemplateSyntaxError

from plainleaf.arguments import Options
from plainleaf.check.gates.translation import FAMILY
from plainleaf.check.waivers import waivers_in
from plainleaf.commands.translate import (
    KEPT,
    Vouched,
    file_of,
    recorded_of,
    vouched,
    write_recorded,
)
from plainleaf.files.yaml_file import Loader
from plainleaf.html.locales import right_tag
from plainleaf.html.templates import environment
from plainleaf.machine.disk import write_whole
from plainleaf.machine.report import Report
from plainleaf.model import Docs, Records
from plainleaf.problems import MachineError, Place, Problem, stop_at
from plainleaf.read.blocks import SPOKEN, TOP, Block, Piece, blocks_of, pieces_of, poured
from plainleaf.read.translations import (
    WORDS,
    File,
    Pairs,
    Recorded,
    not_kept,
    paired,
    pairs_of,
)
from plainleaf.records.ledger import last_line, yaml_text

_CHECK = "this may no longer fit: one of the two has changed since they were recorded together"
# What of the front matter is about the original alone: where it once stood, and who checked it.
_OF_ORIGINAL = ("formerly", "reviewer", "reviewed")
# Tables of words.yml of which a language needs only what its pages and handouts ask for.
_AS_NEEDED = ("labels", "procedures", "risks")
_WAIVE = "waive "


@dataclass(frozen=True, slots=True)
class Unit:
    """A block to be translated: in which context, what translates it ("": nothing yet).

    is_known: both are as they were recorded. notes are the waivers above the translation.
    """

    file: str
    context: str
    block: Block
    said: str
    is_known: bool
    notes: tuple[str, ...]


def export(known: Records, given: Options, report: Report) -> int:
    """Write what is to be translated into a language, and what is already, as a PO file."""
    docs, code = known.docs, _language(known.docs, given)
    day = datetime(known.today.year, known.today.month, known.today.day, tzinfo=UTC)
    catalog = Catalog(
        code,
        project=docs.site_name,
        version=str(known.today),
        header_comment=f"# What docs/{docs.main_language} says, to be said in docs/{code}.",
        msgid_bugs_address="",
        creation_date=day,
        revision_date=day,
        last_translator="",
        language_team="",
        fuzzy=False,
    )
    count = Counter[str]()
    for unit in _units(docs, code):
        message = catalog.add(
            unit.block.text,
            unit.said,
            locations=[(f"docs/{docs.main_language}/{unit.file}", unit.block.line)],
            auto_comments=[_CHECK] if unit.said and not unit.is_known else [],
            user_comments=unit.notes,
            flags=["fuzzy"] if unit.said and not unit.is_known else [],
            context=unit.context,
        )
        # A per cent sign is no place to fill; nobody should be told to keep it there.
        message.flags -= {"python-format", "python-brace-format"}
        count["new" if not unit.said else "known" if unit.is_known else "to check"] += 1
    path: Path = given.to or docs.project.build / f"{code}.po"
    held = io.BytesIO()
    write_po(held, catalog, width=0)  # a line of Markdown is a line here
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, held.getvalue())
    report.line(
        f"Wrote {path}: {sum(count.values())} blocks, {count['known']} translated, "
        f"{count['to check']} to be checked, {count['new']} to be translated."
    )
    return 0


def take_in(known: Records, given: Options, report: Report) -> int:
    """Write the pages of a PO file that are translated whole, and record what translates what.

    Raises ContentError with all that its blocks lack of the original: then nothing is written.
    """
    docs, code, said = known.docs, _language(known.docs, given), vouched(known, given)
    if len(given.files) != 1:
        raise MachineError("say which PO file.\n    Name one, after `import`.")
    taken = _Taken(docs, code, given.files[0], _messages(given.files[0]))
    written, unfinished = taken.files()
    stop_at(taken.problems)
    if not taken.messages.keys() & taken.used:
        fact = f"this holds no block of docs/{docs.main_language}."
        hint = "Take a file that `build.py translate export` wrote, and keep its msgctxt lines."
        stop_at([Problem(Place(given.files[0]), fact, hint)])
    recorded = recorded_of(docs, code)
    for file, text in written.items():
        _write(docs, code, file, text, recorded, said)
    path = write_recorded(docs, code, recorded)
    for file, (todo, count) in unfinished.items():
        report.line(f"Left out docs/{code}/{file}: {todo} of {count} blocks are not translated.")
    if taken.unknown:
        passed = "1 block" if taken.unknown == 1 else f"{taken.unknown} blocks"
        report.line(f"Passed over {passed} that the original no longer has.")
    names = ", ".join(f"docs/{code}/{file}" for file in written) or "nothing: all was there already"
    report.line(f"Wrote {names}.")
    if written:
        report.line(f"Commit {docs.project.name(path)} together with them; check them first.")
    return 0


def _language(docs: Docs, given: Options) -> str:
    """Give the language that is meant, which may not be there yet."""
    code: str = given.language
    if not code:
        raise MachineError(
            "say which language.\n    Add `--language`, and the code of one, such as es."
        )
    if code == docs.main_language or right_tag(code) != code:
        fact = f'"{code}" is the code of no language.'
        if code == docs.main_language:
            fact = f"{docs.languages[code].name} is what is translated, and no translation."
        raise MachineError(f"{fact}\n    Name another, such as `--language es` or `pt-BR`.")
    return code


def _originals(docs: Docs) -> list[str]:
    """Give the files of the main language that are translated, the pages in their order."""
    pages = [page for page in docs.pages.values() if page.language == docs.main_language]
    folder = docs.project.folder / "docs" / docs.main_language
    beside = [name for name in WORDS if (folder / name).is_file()]
    return [*beside, *(f"{page.slug}.md" for page in sorted(pages, key=lambda each: each.order))]


def _units(docs: Docs, code: str) -> Iterator[Unit]:
    recorded = recorded_of(docs, code)
    folder = docs.project.folder / "docs" / code
    for file in _originals(docs):
        original = file_of(docs, docs.main_language, file)
        own = file_of(docs, code, file) if (folder / file).is_file() else File(file, "")
        names = _contexts(file, original)
        for block, here, is_known in paired(original, own, recorded.get(file)):
            notes = here.notes if here else ()
            yield Unit(
                file,
                names[block],
                block,
                here.text if here else "",
                is_known,
                tuple(note for note in notes if note.startswith(_WAIVE)),
            )


def _contexts(file: str, original: File) -> dict[Block, str]:
    """Give the context of each block: page and section, and a number where it stands there twice.

    What is said twice in one section, such as "None" in a table, may be two words elsewhere.
    """
    seen = Counter[tuple[str, str]]()
    found = {}
    name = file.removesuffix(".md")
    for block in original.blocks:
        section = name if block.section == TOP else f"{name}#{block.section}"
        seen[section, block.text] += 1
        number = seen[section, block.text]
        found[block] = section if number == 1 else f"{section} {number}"
    return found


def _messages(name: str) -> dict[tuple[str, str], Message]:
    """Give the units of a PO file by context and original."""
    try:
        catalog = read_po(io.BytesIO(Path(name).read_bytes()), abort_invalid=True)
    except OSError as error:
        raise MachineError(
            f"{name} cannot be read ({(error.strerror or '').lower()}).\n    Check its name."
        ) from None
    except PoFileError as error:
        line = (error.lineno or 0) + 1
        fact = f"this is no PO file from here on: {error}."
        hint = "Save it again as PO, as `build.py translate export` writes it."
        stop_at([Problem(Place(name, line), fact, hint)])
        raise
    except (UnicodeDecodeError, ValueError):
        fact, hint = "this is no PO file.", "Save it as PO, in UTF-8."
        stop_at([Problem(Place(name), fact, hint)])
        raise
    return {
        (message.context or "", message.id): message
        for message in catalog
        if message.id and isinstance(message.id, str)
    }


@dataclass(slots=True)
class _Taken:
    """Takes a PO file in: what becomes of it, and what is wrong with it."""

    docs: Docs
    code: str
    name: str
    messages: Mapping[tuple[str, str], Message]
    problems: list[Problem] = field(default_factory=list)
    used: set[tuple[str, str]] = field(default_factory=set)

    @property
    def unknown(self) -> int:
        """How many units translate what the original no longer says."""
        return len(self.messages.keys() - self.used)

    def files(self) -> tuple[dict[str, str], dict[str, tuple[int, int]]]:
        """Give the texts of the files that are translated whole and new, by name.

        Gives those that are begun, too: how many blocks are left, of how many.
        """
        written: dict[str, str] = {}
        unfinished: dict[str, tuple[int, int]] = {}
        recorded = recorded_of(self.docs, self.code)
        for file in _originals(self.docs):
            original = file_of(self.docs, self.docs.main_language, file)
            names = _contexts(file, original)
            said = {
                block: message
                for block in original.blocks
                if (message := self._said(names[block], block))
            }
            needed = original.blocks if file.endswith(".md") else _needed(original.blocks, said)
            todo = [block for block in needed if block not in said]
            if not said:
                continue
            if todo:
                unfinished[file] = len(todo), len(needed)
                continue
            for block, message in said.items():
                self._judge(block, message)
            own = file_of(self.docs, self.code, file)
            make = self._page if file.endswith(".md") else self._words
            text = make(original, own, said)
            before = recorded.get(file)
            pairs = dict(before.blocks) if before else None
            if not pairs == _pairs(original, File(own.name, text)) == _pairs(original, own):
                written[file] = text
        return written, unfinished

    def _said(self, context: str, block: Block) -> Message | None:
        self.used.add((context, block.text))
        message = self.messages.get((context, block.text))
        return message if message and message.string and not message.fuzzy else None

    def _place(self, message: Message) -> Place:
        return Place(self.name, message.lineno or 0)

    def _judge(self, block: Block, message: Message) -> None:
        """Note what a unit lacks of its original, and what nobody could read."""
        text = str(message.string)
        here = Block(block.section, block.within, block.kind, text, 1)
        lost = not_kept(block, here)
        waived = {
            subject
            for each in waivers_in("\n".join(f"# {note}" for note in _notes(message)), "")
            if each.gate == f"{FAMILY.name}.kept" and each.reason
            for subject in each.subjects
        }
        if lost and not set(lost.subjects) <= waived:
            fact = f"this is not what the original says: {lost.in_words}."
            place = self._place(message)
            self.problems.append(FAMILY.error("kept", place, fact, KEPT, *lost.subjects))
        if _is_one(block, block.text) and not _is_one(block, text):
            fact = "this would not be read as one block, as its original is."
            hint = "Start no line of it with #, - or 1., leave no line empty, and write no |."
            self.problems.append(Problem(self._place(message), fact, hint))
        try:
            environment(self.docs.project, "page").parse(text)
        except TemplateSyntaxError as error:
            fact = f"what stands in its curly brackets cannot be read: {error.message}."
            hint = 'Keep quotes and brackets as they are: `{{ clinic("…", "…") }}`.'
            self.problems.append(Problem(self._place(message), fact, hint))

    def _page(self, original: File, own: File, said: Mapping[Block, Message]) -> str:
        def words(block: Block) -> str:
            text = str(said[block].string)
            if block.kind == "search_words":
                return yaml_text([each.strip() for each in text.split(",") if each.strip()])
            return yaml_text(" ".join(text.split())) if block.kind in SPOKEN else text

        return poured(
            _own_front_matter(pieces_of(original.text, original.name), own),
            words,
            lambda block: _notes(said[block]),
        )

    def _words(self, original: File, own: File, said: Mapping[Block, Message]) -> str:
        texts = {block.section: str(message.string) for block, message in said.items()}
        return _Words(original.text, own.text, texts.get).text()


def _is_one(block: Block, text: str) -> bool:
    """Tell whether words that stand in the place of a block are read as one, too."""
    if block.kind == "word":
        return True
    if block.kind in ("heading", "cell") and "\n" in text:
        return False
    if any(line.lstrip().startswith("#") for line in text.split("\n")):
        return False  # a heading, which nobody would find without its id
    found = blocks_of(text, "page.md")
    is_plain = [(each.kind, each.text) for each in found] == [("text", text)]
    return is_plain and not (block.kind == "cell" and "|" in text.replace("\\|", ""))


def _pairs(original: File, own: File) -> dict[str, Pairs] | None:
    """Give what translates what, None where the two have other blocks."""
    try:
        return pairs_of(original, own)
    except ValueError:
        return None


def _notes(message: Message) -> tuple[str, ...]:
    return tuple(note for note in message.user_comments if note.startswith(_WAIVE))


def _needed(blocks: Iterable[Block], said: Iterable[Block]) -> list[Block]:
    """Give the words that a language needs: of labels, risks and such, those that are begun."""
    begun = {block.within[:2] for block in said}
    return [block for block in blocks if not _is_as_needed(block) or block.within[:2] in begun]


def _is_as_needed(block: Block) -> bool:
    return block.within[0] in _AS_NEEDED or (
        block.within[0] == "words" and block.within[-1].startswith("reader_")
    )


def _own_front_matter(pieces: Iterable[Piece], own: File) -> Iterator[Piece]:
    """Give the frame of a page with what its front matter says of the translation alone."""
    kept = [
        piece
        for piece in pieces_of(own.text, own.name)
        if isinstance(piece, str) and piece.startswith(tuple(f"{key}:" for key in _OF_ORIGINAL))
    ]
    fences = 0
    for piece in pieces:
        if fences == 1 and isinstance(piece, str):
            if piece.startswith(tuple(f"{key}:" for key in _OF_ORIGINAL)):
                continue
            if piece.startswith("---\n"):
                yield from kept
        fences += isinstance(piece, str) and piece.startswith("---\n")
        yield piece


@dataclass(slots=True)
class _Words:
    """Writes a file of words in another language: its own fonts and name, the original's order.

    said gives the words of a key, or None for what the language does without.
    """

    original: str
    own: str
    said: Callable[[str], str | None]

    def text(self) -> str:
        lines = [*self._kept("name"), *self._kept("fonts")]
        node = yaml.compose(self.original, Loader=Loader)
        lines += self._below(node, (), 0)
        return "\n".join(lines).strip("\n") + "\n"

    def _kept(self, key: str) -> list[str]:
        """Give the lines of a key of the language's own; for its fonts else those of the other."""
        for text in (self.own, self.original if key == "fonts" else ""):
            node = yaml.compose(text, Loader=Loader)
            for name, value in node.value if isinstance(node, yaml.MappingNode) else ():
                if name.value == key and "words:" in text:
                    return text.split("\n")[name.start_mark.line : last_line(value) + 1]
        return []

    def _below(self, node: yaml.Node | None, keys: tuple[str, ...], start: int) -> list[str]:
        lines = self.original.split("\n")
        found: list[str] = []
        is_words = not keys and "words" in {key.value for key, _ in _entries(node)}
        for key, value in _entries(node):
            lead = [line for line in lines[start : key.start_mark.line] if _is_between(line)]
            start = last_line(value) + 1
            inner = (*keys, str(key.value))
            indent = "  " * len(keys)
            written = f"{indent}{_quoted(key)}:"
            if is_words and key.value in ("fonts", "name"):
                continue
            if isinstance(value, yaml.MappingNode):
                below = self._below(value, inner, key.start_mark.line + 1)
                found += [*lead, written, *below] if any(map(_says, below)) else []
            elif isinstance(value, yaml.SequenceNode):
                items = yaml_text([str(item.value) for item in value.value])
                found += [*lead, f"{written} {items}"]
            elif (words := self.said(".".join(inner))) is not None:
                waivers = [f"{indent}{line}" for line in self._waivers(inner)]
                found += [*lead, *waivers, f"{written} {yaml_text(words)}"]
        return found

    def _waivers(self, keys: tuple[str, ...]) -> list[str]:
        """Give the waivers that stand above a key of the language's own file."""
        node = yaml.compose(self.own, Loader=Loader)
        line = 0
        for name in keys:
            found = next((each for each in _entries(node) if each[0].value == name), None)
            if found is None:
                return []
            line, node = found[0].start_mark.line, found[1]
        above: list[str] = []
        lines = self.own.split("\n")
        while line and lines[line - 1].strip().startswith(f"# {_WAIVE}"):
            line -= 1
            above.insert(0, lines[line].strip())
        return above


def _entries(node: yaml.Node | None) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
    return list(node.value) if isinstance(node, yaml.MappingNode) else []


def _is_between(line: str) -> bool:
    """Tell whether a line is empty or a comment that is worth keeping: no waiver of the other."""
    return not line.strip() or (line.strip().startswith("#") and f"# {_WAIVE}" not in line)


def _says(line: str) -> bool:
    """Tell whether a line holds a text: the signs of a risk alone are none."""
    return bool(line.strip()) and not line.strip().startswith(("#", "signs:"))


def _quoted(key: yaml.ScalarNode) -> str:
    """Give a key as it is written: "yes" in quotes, which other programs take for a truth."""
    return f"{key.style or ''}{key.value}{key.style or ''}"


def _write(
    docs: Docs,
    code: str,
    file: str,
    text: str,
    recorded: dict[str, Recorded],
    said: Vouched,
) -> None:
    """Write a file of a language, and what it translates into what was recorded."""
    path = docs.project.folder / "docs" / code / file
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.encode("utf-8"))
    original = file_of(docs, docs.main_language, file)
    blocks = tuple(pairs_of(original, File(docs.project.name(path), text)).items())
    recorded[file] = Recorded(said.how, said.reviewer, blocks)
