"""The round trip of a translation: its blocks as a PO file for translators, and back into pages.

PO is what gettext takes, and each program for translators reads and writes it. A block is a unit:
msgctxt names its page and section, msgid is its Markdown.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from itertools import takewhile
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
    provenance_of,
    recorded_of,
    write_recorded,
)
from plainleaf.files.yaml_file import Loader
from plainleaf.html.locales import right_tag
from plainleaf.html.templates import environment
from plainleaf.machine.disk import write_whole
from plainleaf.machine.report import Report
from plainleaf.model import Docs, Records
from plainleaf.problems import ContentError, MachineError, Place, Problem, stop_at
from plainleaf.read.blocks import SPOKEN, TOP, Block, Piece, blocks_of, leaves, pieces_of, poured
from plainleaf.read.translations import (
    WORDS,
    File,
    Pairs,
    file_of,
    not_kept,
    paired,
    pairs_of,
)
from plainleaf.records.ledger import last_line, yaml_text

_CHECK = "this may no longer fit: one of the two has changed since they were recorded together"
# Lines of the front matter about the original alone: where it once stood, and who checked it.
_OF_ORIGINAL = ("formerly:", "reviewer:", "reviewed:")
# Tables of words.yml of which a language needs only the words that its pages and handouts use.
_AS_NEEDED = ("labels", "procedures", "risks")
_WAIVE = "waive "


def export_po(records: Records, options: Options, report: Report) -> int:
    """Write what is to be translated into a language, and what is already, as a PO file."""
    docs, code = records.docs, _language(records.docs, options)
    day = datetime.combine(records.today, time(), UTC)
    catalog = Catalog(
        code,
        project=docs.site_name,
        version=str(records.today),
        header_comment=f"# What docs/{docs.main_language} says, to be said in docs/{code}.",
        msgid_bugs_address="",
        creation_date=day,
        revision_date=day,
        last_translator="",
        language_team="",
        fuzzy=False,
    )
    count = Counter[str]()
    recorded = recorded_of(docs, code)
    for file in _originals(docs):
        original = file_of(docs.project, docs.main_language, file)
        own = file_of(docs.project, code, file)
        contexts = _contexts(file, original)
        for block, here, is_known in paired(original, own, recorded.get(file)):
            text, notes = (here.text, here.notes) if here else ("", ())
            is_doubtful = bool(text) and not is_known
            message = catalog.add(
                block.text,
                text,
                locations=[(original.name, block.line)],
                auto_comments=[_CHECK] if is_doubtful else [],
                user_comments=[note for note in notes if note.startswith(_WAIVE)],
                flags=["fuzzy"] if is_doubtful else [],
                context=contexts[block],
            )
            # Babel takes a per cent sign for a placeholder, which translators are told to keep.
            message.flags -= {"python-format", "python-brace-format"}
            count["to check" if is_doubtful else "known" if text else "new"] += 1
    path: Path = options.to or docs.project.build / f"{code}.po"
    po = io.BytesIO()
    write_po(po, catalog, width=0)  # no wrapping: each line of Markdown stays a line
    write_whole(path, po.getvalue())
    report.line(
        f"Wrote {path}: {count.total()} blocks, {count['known']} translated, "
        f"{count['to check']} to be checked, {count['new']} to be translated."
    )
    return 0


def import_po(records: Records, options: Options, report: Report) -> int:
    """Write the pages of a PO file that are translated whole, and record what translates what.

    Raises ContentError with all that its blocks lack of the original: then nothing is written.
    """
    docs, code = records.docs, _language(records.docs, options)
    provenance = provenance_of(records, options)
    if len(options.files) != 1:
        raise MachineError("say which PO file.\n    Name one, after `import`.")
    po = _Import(docs, code, options.files[0], _messages(options.files[0]))
    written, unfinished = po.files()
    stop_at(po.problems)
    if not po.messages.keys() & po.used:
        fact = f"this holds no block of docs/{docs.main_language}."
        hint = "Take a file that `build.py translate export` wrote, and keep its msgctxt lines."
        raise ContentError([Problem(Place(options.files[0]), fact, hint)])
    recorded = recorded_of(docs, code)
    for file, text in written.items():
        own = File(f"docs/{code}/{file}", text)
        write_whole(docs.project.folder / own.name, text.encode("utf-8"))
        blocks = tuple(pairs_of(file_of(docs.project, docs.main_language, file), own).items())
        recorded[file] = replace(provenance, blocks=blocks)
    path = write_recorded(docs, code, recorded)
    for file, (todo, count) in unfinished.items():
        report.line(f"Left out docs/{code}/{file}: {todo} of {count} blocks are not translated.")
    if unused := len(po.messages.keys() - po.used):
        blocks_passed = "1 block" if unused == 1 else f"{unused} blocks"
        report.line(f"Passed over {blocks_passed} that the original no longer has.")
    names = ", ".join(f"docs/{code}/{file}" for file in written) or "nothing: all was there already"
    report.line(f"Wrote {names}.")
    if written:
        report.line(f"Commit {docs.project.name(path)} together with them; check them first.")
    return 0


def _language(docs: Docs, options: Options) -> str:
    """Give the language that is meant, which may not be there yet."""
    code: str = options.language
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


def _contexts(file: str, original: File) -> dict[Block, str]:
    """Give the context of each block: page and section, and a number where it stands there twice.

    What is said twice in one section, such as "None" in a table, may be two words elsewhere.
    """
    seen = Counter[tuple[str, str]]()
    contexts = {}
    name = file.removesuffix(".md")
    for block in original.blocks:
        section = name if block.section == TOP else f"{name}#{block.section}"
        seen[section, block.text] += 1
        number = seen[section, block.text]
        contexts[block] = section if number == 1 else f"{section} {number}"
    return contexts


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
        raise ContentError([Problem(Place(name, line), fact, hint)]) from None
    except ValueError:  # a UnicodeDecodeError, too
        fact, hint = "this is no PO file.", "Save it as PO, in UTF-8."
        raise ContentError([Problem(Place(name), fact, hint)]) from None
    return {
        (message.context or "", message.id): message
        for message in catalog
        if message.id and isinstance(message.id, str)
    }


@dataclass(slots=True)
class _Import:
    """A PO file that becomes pages; used are the units whose original is still there."""

    docs: Docs
    code: str
    name: str
    messages: Mapping[tuple[str, str], Message]
    problems: list[Problem] = field(default_factory=list)
    used: set[tuple[str, str]] = field(default_factory=set)

    def files(self) -> tuple[dict[str, str], dict[str, tuple[int, int]]]:
        """Give the texts of the files that are translated whole and new, by name.

        Gives those that are begun, too: how many blocks are left, of how many.
        """
        written: dict[str, str] = {}
        unfinished: dict[str, tuple[int, int]] = {}
        recorded = recorded_of(self.docs, self.code)
        for file in _originals(self.docs):
            original = file_of(self.docs.project, self.docs.main_language, file)
            contexts = _contexts(file, original)
            self.used.update((context, block.text) for block, context in contexts.items())
            translated = {
                block: message
                for block, context in contexts.items()
                if (message := self.messages.get((context, block.text)))
                and message.string
                and not message.fuzzy
            }
            is_page = file.endswith(".md")
            needed = original.blocks if is_page else _needed(original.blocks, translated)
            todo = [block for block in needed if block not in translated]
            if not translated:
                continue
            if todo:
                unfinished[file] = len(todo), len(needed)
                continue
            for block, message in translated.items():
                self._judge(block, message)
            own = file_of(self.docs.project, self.code, file)
            text = (_page if is_page else _words)(original, own, translated)
            before = recorded.get(file)
            pairs = dict(before.blocks) if before else None
            if not pairs == _pairs(original, File(own.name, text)) == _pairs(original, own):
                written[file] = text
        return written, unfinished

    def _judge(self, block: Block, message: Message) -> None:
        """Note what a unit lacks of its original, and what nobody could read."""
        text, place = str(message.string), Place(self.name, message.lineno or 0)
        lost = not_kept(block, Block(block.section, block.within, block.kind, text, 1))
        waived = {
            subject
            for waiver in waivers_in("\n".join(f"# {note}" for note in _waivers(message)), "")
            if waiver.gate == f"{FAMILY.name}.kept" and waiver.reason
            for subject in waiver.subjects
        }
        if lost and not set(lost.subjects) <= waived:
            fact = f"this is not what the original says: {lost.in_words}."
            self.problems.append(FAMILY.error("kept", place, fact, KEPT, *lost.subjects))
        if _is_one(block, block.text) and not _is_one(block, text):
            fact = "this would not be read as one block, as its original is."
            hint = "Start no line of it with #, - or 1., leave no line empty, and write no |."
            self.problems.append(Problem(place, fact, hint))
        try:
            environment(self.docs.project, "page").parse(text)
        except TemplateSyntaxError as error:
            fact = f"what stands in its curly brackets cannot be read: {error.message}."
            hint = 'Keep quotes and brackets as they are: `{{ clinic("…", "…") }}`.'
            self.problems.append(Problem(place, fact, hint))


def _page(original: File, own: File, translated: Mapping[Block, Message]) -> str:
    """Give a page: the frame of its original with the translation of each block."""

    def text_of(block: Block) -> str:
        text = str(translated[block].string)
        if block.kind == "search_words":
            return yaml_text([word.strip() for word in text.split(",") if word.strip()])
        return yaml_text(" ".join(text.split())) if block.kind in SPOKEN else text

    frame = _own_front_matter(pieces_of(original.text, original.name), own)
    return poured(frame, text_of, lambda block: _waivers(translated[block]))


def _words(original: File, own: File, translated: Mapping[Block, Message]) -> str:
    """Give a file of words, in the order of its original."""
    texts = {block.section: str(message.string) for block, message in translated.items()}
    nodes = leaves(yaml.compose(own.text, Loader=Loader))
    lines = {keys: key.start_mark.line for keys, key, _ in nodes}
    return _Words(original.text, own.text, texts, lines).text()


def _is_one(block: Block, text: str) -> bool:
    """Tell whether words that stand in the place of a block are read as one, too."""
    if block.kind == "word":
        return True
    if block.kind in ("heading", "cell") and "\n" in text:
        return False
    if any(line.lstrip().startswith("#") for line in text.split("\n")):
        return False  # a heading, which nobody would find without its id
    blocks = blocks_of(text, "page.md")
    is_plain = [(each.kind, each.text) for each in blocks] == [("text", text)]
    return is_plain and not (block.kind == "cell" and "|" in text.replace("\\|", ""))


def _pairs(original: File, own: File) -> dict[str, Pairs] | None:
    """Give what translates what, None where the two have other blocks."""
    try:
        return pairs_of(original, own)
    except ValueError:
        return None


def _waivers(message: Message) -> tuple[str, ...]:
    return tuple(note for note in message.user_comments if note.startswith(_WAIVE))


def _needed(blocks: Iterable[Block], translated: Iterable[Block]) -> list[Block]:
    """Give the words that a language needs: of labels, risks and such, those that are begun."""
    begun = {block.within[:2] for block in translated}
    return [
        block
        for block in blocks
        if not (block.within[0] in _AS_NEEDED or block.section.startswith("words.reader_"))
        or block.within[:2] in begun
    ]


def _own_front_matter(pieces: Iterable[Piece], own: File) -> Iterator[Piece]:
    """Give the frame of a page with what its front matter says of the translation alone."""
    own_lines = [
        piece
        for piece in pieces_of(own.text, own.name)
        if isinstance(piece, str) and piece.startswith(_OF_ORIGINAL)
    ]
    fences = 0
    for piece in pieces:
        is_fence = isinstance(piece, str) and piece.startswith("---\n")
        if fences == 1 and isinstance(piece, str) and piece.startswith(_OF_ORIGINAL):
            continue
        if fences == 1 and is_fence:
            yield from own_lines
        fences += is_fence
        yield piece


@dataclass(slots=True)
class _Words:
    """Writes a file of words in another language: its own fonts and name, the original's order.

    texts are its words by their keys; what has none is left out. lines are those, from 0, on which
    its words stand in its own file.
    """

    original: str
    own: str
    texts: Mapping[str, str]
    lines: Mapping[tuple[str, ...], int]

    def text(self) -> str:
        words = self._below(yaml.compose(self.original, Loader=Loader), (), 0)
        lines = [*self._own_lines("name"), *self._own_lines("fonts"), *words]
        return "\n".join(lines).strip("\n") + "\n"

    def _own_lines(self, key: str) -> list[str]:
        """Give the lines of a key of the language's own; for its fonts else those of the other."""
        for text in (self.own, self.original if key == "fonts" else ""):
            for name, value in _entries(yaml.compose(text, Loader=Loader)):
                if name.value == key and "words:" in text:
                    return text.split("\n")[name.start_mark.line : last_line(value) + 1]
        return []

    def _below(self, node: yaml.Node | None, keys: tuple[str, ...], start: int) -> list[str]:
        lines = self.original.split("\n")
        written_lines: list[str] = []
        is_words = not keys and "words" in {key.value for key, _ in _entries(node)}
        for key, value in _entries(node):
            lead = [line for line in lines[start : key.start_mark.line] if _is_between(line)]
            start = last_line(value) + 1
            inner = (*keys, str(key.value))
            indent = "  " * len(keys)
            quote = key.style or ""  # of "yes", which other programs take for a truth
            written = f"{indent}{quote}{key.value}{quote}:"
            if is_words and key.value in ("fonts", "name"):
                continue
            if isinstance(value, yaml.MappingNode):
                below = self._below(value, inner, key.start_mark.line + 1)
                written_lines += [*lead, written, *below] if any(map(_says, below)) else []
            elif isinstance(value, yaml.SequenceNode):
                items = yaml_text([str(item.value) for item in value.value])
                written_lines += [*lead, f"{written} {items}"]
            elif (words := self.texts.get(".".join(inner))) is not None:
                waivers = [f"{indent}{line}" for line in self._waivers(inner)]
                written_lines += [*lead, *waivers, f"{written} {yaml_text(words)}"]
        return written_lines

    def _waivers(self, keys: tuple[str, ...]) -> list[str]:
        """Give the waivers that stand above a key of the language's own file."""
        above = (line.strip() for line in self.own.split("\n")[: self.lines.get(keys, 0)][::-1])
        waivers = takewhile(lambda line: line.startswith(f"# {_WAIVE}"), above)
        return [*waivers][::-1]


def _entries(node: yaml.Node | None) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
    return list(node.value) if isinstance(node, yaml.MappingNode) else []


def _is_between(line: str) -> bool:
    """Tell whether a line is empty or a comment that is worth keeping: no waiver of the other."""
    return not line.strip() or (line.strip().startswith("#") and f"# {_WAIVE}" not in line)


def _says(line: str) -> bool:
    """Tell whether a line holds a text: the signs of a risk alone are none."""
    return bool(line.strip()) and not line.strip().startswith(("#", "signs:"))
