"""Compares what a screen reader says of a PDF with the words of its HTML, in order."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from plainleaf.problems import Place
from plainleaf.proof import expected as in_html
from plainleaf.proof import tree
from plainleaf.proof.expected import ALL_PAGES, THIS_PAGE, Expected
from plainleaf.proof.findings import MOST, Findings, quoted
from plainleaf.proof.letters import alike, bag, is_from_the_right, squeezed
from plainleaf.proof.painted import PaintedPage, Run, text_of

# After these, a word goes on in the next line.
JOINING = ("", "-", "\u00ad", "\u2010", "\u2011", "\u2013", "/")
# Values of ListNumbering (ISO 32000-1, 14.8.5.5): with numbers or letters, then all.
COUNTING = ("Decimal", "UpperRoman", "LowerRoman", "UpperAlpha", "LowerAlpha")
NUMBERINGS = (*COUNTING, "None", "Disc", "Circle", "Square")
SPOKEN = {
    **{f"H{level}": f"a heading of level {level}" for level in range(1, 7)},
    "P": "a paragraph",
    "LI": "an item of a list",
    "TH": "the head of a row or column",
    "TD": "a cell of a table",
    "Caption": "a caption",
    "Figure": "a picture",
    "": "loose text",
}


@dataclass(slots=True)
class Reading:
    """Blocks of the HTML with those of the PDF that say the same.

    places tells for each marked content where its words were written.
    """

    pairs: list[tuple[in_html.Block, tree.Block]] = field(default_factory=list)
    places: dict[tuple[int, int], Place] = field(default_factory=dict)


class Comparison:
    """Compares the blocks of one sheet."""

    def __init__(
        self, expected: Expected, blocks: Sequence[tree.Block], findings: Findings
    ) -> None:
        self.findings = findings
        self.rtl = expected.is_rtl
        self.expected = [block for block in expected.blocks if block.text]
        self.printed = [block for block in blocks if block.text]
        self.reading = Reading()

    def _same(self, expected: in_html.Block, printed: tree.Block) -> bool:
        """Tell whether both say the same."""
        return alike(expected.text, printed.text, rtl=self.rtl)

    def compare(self) -> Reading:
        """Find what is not said, said otherwise, or said in another order."""
        expected_keys = [self._key(block) for block in self.expected]
        printed_keys = [self._key(block) for block in self.printed]
        matcher = difflib.SequenceMatcher(None, expected_keys, printed_keys, autojunk=False)
        lost: list[in_html.Block] = []
        extra: list[tree.Block] = []
        for kind, start, end, first, last in matcher.get_opcodes():
            expected, printed = self.expected[start:end], self.printed[first:last]
            if kind == "equal":
                self._pair(expected, printed)
            else:
                left, right = self._changed(expected, printed)
                lost += left
                extra += right
        self._report_lost(lost, extra)
        return self.reading

    def _key(self, block: in_html.Block | tree.Block) -> tuple[str, str]:
        """Give what two blocks share if they are of one kind and say the same."""
        if self.rtl or is_from_the_right(block.text):
            return block.role, repr(sorted(bag(block.text).items()))
        return block.role, block.text

    def _pair(self, expected: Sequence[in_html.Block], printed: Sequence[tree.Block]) -> None:
        for one, two in zip(expected, printed, strict=True):
            self.reading.pairs.append((one, two))
            for mark in two.marks:
                self.reading.places[mark] = one.place

    def _changed(
        self, expected: list[in_html.Block], printed: list[tree.Block]
    ) -> tuple[list[in_html.Block], list[tree.Block]]:
        """Name blocks with the same words in another role, or other words in their place.

        Gives the expected and the printed ones that are left.
        """
        rest = list(printed)
        lost = []
        for block in expected:
            twin = next((item for item in rest if self._same(block, item)), None)
            if twin is None:
                lost.append(block)
                continue
            rest.remove(twin)
            self._pair([block], [twin])
            # PDF/UA-1, 7.1 and 7.4: the tag says what the words are.
            tagged, meant = (SPOKEN.get(role, role) for role in (twin.role, block.role))
            fact = f"{quoted(block.words)} is tagged as {tagged}, not {meant}."
            self.findings.say(fact, page=twin.page, place=block.place)
        if len(lost) == len(rest):
            for block, item in zip(lost, rest, strict=True):
                self._report_other(block, item)
            return [], []
        return lost, rest

    def _report_other(self, block: in_html.Block, printed: tree.Block) -> None:
        if block.role == "Figure":
            fact = f"the picture {quoted(block.words)} is described as {quoted(printed.words)}."
        else:
            fact = f"{quoted(block.words)} is read aloud as {quoted(printed.words)}."
        self.findings.say(fact, page=printed.page, place=block.place)

    def _report_lost(self, lost: list[in_html.Block], extra: list[tree.Block]) -> None:
        """Name blocks that are missing, that nobody wrote, or that stand elsewhere."""
        rest = list(extra)
        facts: list[tuple[str, int | None, Place | None]] = []
        for block in lost:
            twin = next((item for item in rest if self._same(block, item)), None)
            if twin is not None:
                rest.remove(twin)
                fact = f"{quoted(block.words)} is read aloud in the wrong order."
                facts.append((fact, twin.page, block.place))
            else:
                kind = "the picture " if block.role == "Figure" else ""
                fact = f"{kind}{quoted(block.words)} is missing from what is read aloud."
                facts.append((fact, None, block.place))
        for item in rest:
            fact = f"{quoted(item.words)} is read aloud, but is not in the words of this sheet."
            facts.append((fact, item.page, None))
        for fact, page, place in facts[:MOST]:
            self.findings.say(fact, page=page, place=place)


def check_languages(reading: Reading, findings: Findings) -> None:
    """Find words that a screen reader would say with the voice of another language (7.2)."""
    for block, printed in reading.pairs:
        if block.letters == printed.letters:
            continue
        ours = ", ".join(block.letters)
        theirs = ", ".join(language or "none" for language in printed.letters)
        fact = f"{quoted(block.words)} is marked as language {theirs}, not {ours}."
        findings.say(fact, page=printed.page, place=block.place)


def check_lists(reading: Reading, findings: Findings) -> None:
    """Find items that are in no list, and lists that do not tell how they are numbered."""
    reported: set[int] = set()
    lists: dict[int, tree.Element] = {}
    for block, printed in reading.pairs:
        if block.role != "LI":
            continue
        words, label, outer = quoted(block.words), printed.label, printed.element.parent
        facts = []
        if outer is None or outer.role != "L":
            findings.say(f"the item {words} is in no list.", page=printed.page, place=block.place)
            continue
        if lists.setdefault(block.series, outer) is not outer:
            lists[block.series] = outer
            facts.append(f"the list before {words} ends, but its items go on.")
        numbering = str(outer.attributes.get("/ListNumbering", "/"))[1:]
        if not _fits(numbering, block.number, label) and id(outer) not in reported:
            reported.add(id(outer))
            how = f"as {numbering}" if numbering else "not at all"
            facts.append(f"the list with {words} tells its numbering {how}.")
        if label is not None and not squeezed(label):
            facts.append(f"the item {words} has no mark or number on the page.")
        elif label and numbering == "Decimal" and bag(f"{block.number}.") != bag(label):
            facts.append(f"the item {words} has {quoted(label)} where {block.number} belongs.")
        for fact in facts:
            findings.say(fact, page=printed.page, place=block.place)


def _fits(numbering: str, number: int, label: str | None) -> bool:
    """Tell whether a list may say this of its numbering; without marks on the page, anything."""
    if label is None:
        return numbering in NUMBERINGS
    return numbering in (COUNTING if number else (*COUNTING, "Disc", "Circle", "Square"))


def check_headings(blocks: Sequence[tree.Block], findings: Findings) -> None:
    """Find headings without words: a person who leaps from heading to heading lands on nothing."""
    for block in blocks:
        if block.role in tree.HEADINGS and not block.text:
            findings.say("a heading has no words.", page=block.page)


def check_strays(pages: list[PaintedPage], listener: tree.Listener, findings: Findings) -> None:
    """Find text that a screen reader never says, or says twice (PDF/UA-1, 7.1)."""
    for page in pages:
        owners: dict[str, list[Run]] = {}
        for run in page.runs:
            mark = run.mark
            if not squeezed(run.text) or mark.artifact == "Pagination":
                continue
            if mark.artifact:
                kind = "is marked as decoration, so it is not read aloud."
            elif not mark.is_marked or mark.number < 0:
                kind = "has no tag, so it is not read aloud."
            elif (page.number, mark.number) not in listener.heard:
                kind = "is not in the tree of tags, so it is not read aloud."
            else:
                continue
            owners.setdefault(kind, []).append(run)
        for kind, runs in owners.items():
            findings.say(f"{quoted(text_of(runs))} {kind}", page=page.number)
    for mark_on_page, elements in listener.heard.items():
        if len(elements) > 1:
            text = quoted(text_of(listener.runs.get(mark_on_page, [])))
            findings.say(f"{text} is tagged {len(elements)} times.", page=mark_on_page[0])


def check_glue(pages: list[PaintedPage], expected: Expected, findings: Findings) -> None:
    """Find a word that is read as one with the first word of the next line: no space is between.

    Where each line has a mark of its own, readers part them; in a sheet that is written from the
    right, what is painted last need not be the end of a line.
    """
    for page in pages if not expected.is_rtl else ():
        for runs in page.runs_by_mark.values():
            for one, two in pairwise(runs):
                if _are_glued(one, two):
                    words = quoted("".join([*one.text.split()[-1:], *two.text.split()[:1]]))
                    findings.say(f"two words are read aloud as one: {words}.", page=page.number)
                    break


def _are_glued(one: Run, two: Run) -> bool:
    is_next_line = abs(one.base - two.base) > two.size / 2
    is_parted = one.text[-1:] in JOINING or one.text[-1:].isspace() or two.text[:1].isspace()
    return is_next_line and not is_parted and not is_from_the_right(one.text + two.text)


def check_running(pages: list[PaintedPage], expected: Expected, findings: Findings) -> None:
    """Find pages whose head or foot lacks words, or that hide other words there.

    They are artifacts (ISO 32000-1, 14.8.2.2): a screen reader need not say them on each page.
    """
    for page in pages:
        painted = " ".join(run.text for run in page.runs if run.mark.artifact == "Pagination")
        rest = bag(painted)
        for words in expected.running:
            line = words.replace(THIS_PAGE, str(page.number + 1))
            line = line.replace(ALL_PAGES, str(len(pages)))
            is_there = expected.is_rtl or squeezed(line) in squeezed(painted)
            if not is_there or not bag(line) <= rest:
                fact = f"{quoted(line)} is missing from the head or foot of the page."
                findings.say(f"{fact} There stands {quoted(painted)}.", page=page.number)
                break
            rest -= bag(line)
        else:
            # The head of a table that runs on is said once, and printed again as decoration.
            if +rest and not any(+rest == bag(table.head) for table in expected.tables):
                fact = f"{quoted(painted)} is set as head and foot, but more is in it than belongs"
                findings.say(f"{fact} there.", page=page.number)
