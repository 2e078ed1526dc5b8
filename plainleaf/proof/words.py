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
from plainleaf.proof.findings import MOST, REPAIR, Findings, quoted
from plainleaf.proof.letters import alike, bag, is_from_the_right, squeezed
from plainleaf.proof.painted import Leaf, Run, text_of

# After these, a word goes on in the next line.
JOINING = ("", "-", "\u00ad", "\u2010", "\u2011", "\u2013", "/")
# ISO 32000-1, 14.8.5.5: what counts, and what does not.
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
    """What was found to belong together: blocks of the HTML with those of the PDF.

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

    def same(self, expected: in_html.Block, printed: tree.Block) -> bool:
        """Tell whether both are of one kind and say the same."""
        return expected.role == printed.role and self.alike(expected, printed)

    def alike(self, expected: in_html.Block, printed: tree.Block) -> bool:
        """Tell whether both say the same."""
        return alike(expected.text, printed.text, rtl=self.rtl)

    def compare(self) -> Reading:
        """Find what is not said, said otherwise, or said in another order."""
        if len(self.expected) == len(self.printed) and all(
            map(self.same, self.expected, self.printed)
        ):
            self._pair(self.expected, self.printed)
            return self.reading
        matcher = difflib.SequenceMatcher(
            None,
            [self._key(block) for block in self.expected],
            [self._key(block) for block in self.printed],
            autojunk=False,
        )
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
        self._lost(lost, extra)
        return self.reading

    def _key(self, block: in_html.Block | tree.Block) -> tuple[str, str]:
        letters = bag(block.text) if self.rtl else None
        text = block.text if letters is None else repr(sorted(letters.items()))
        return block.role, text

    def _pair(self, expected: Sequence[in_html.Block], printed: Sequence[tree.Block]) -> None:
        for one, two in zip(expected, printed, strict=True):
            self.reading.pairs.append((one, two))
            for mark in two.marks:
                self.reading.places[mark] = one.place

    def _changed(
        self, expected: list[in_html.Block], printed: list[tree.Block]
    ) -> tuple[list[in_html.Block], list[tree.Block]]:
        """Tell of blocks with the same words in another role, or other words in their place."""
        rest = list(printed)
        lost = []
        for block in expected:
            twin = next((item for item in rest if self.alike(block, item)), None)
            if twin is None:
                lost.append(block)
                continue
            rest.remove(twin)
            self._pair([block], [twin])
            # PDF/UA-1, 7.1 and 7.4: the tag says what the words are.
            fact = f"{quoted(block.said)} is tagged as {_kind(twin.role)}, not {_kind(block.role)}."
            self.findings.say(fact, page=twin.page, place=block.place)
        if len(lost) == len(rest):
            for block, item in zip(lost, rest, strict=True):
                self._other(block, item)
            return [], []
        return lost, rest

    def _other(self, block: in_html.Block, printed: tree.Block) -> None:
        if block.role == "Figure":
            fact = f"the picture {quoted(block.said)} is described as {quoted(printed.said)}."
        else:
            fact = f"{quoted(block.said)} is read aloud as {quoted(printed.said)}."
        self.findings.say(fact, page=printed.page, place=block.place)

    def _lost(self, lost: list[in_html.Block], extra: list[tree.Block]) -> None:
        """Tell of blocks that are missing, that nobody wrote, or that stand elsewhere."""
        rest = list(extra)
        facts: list[tuple[str, int | None, Place | None]] = []
        for block in lost:
            twin = next((item for item in rest if self.alike(block, item)), None)
            if twin is not None:
                rest.remove(twin)
                fact = f"{quoted(block.said)} is read aloud in the wrong order."
                facts.append((fact, twin.page, block.place))
            else:
                kind = "the picture " if block.role == "Figure" else ""
                fact = f"{kind}{quoted(block.said)} is missing from what is read aloud."
                facts.append((fact, None, block.place))
        for item in rest:
            fact = f"{quoted(item.said)} is read aloud, but is not in the words of this sheet."
            facts.append((fact, item.page, None))
        for fact, page, place in facts[:MOST]:
            self.findings.say(fact, page=page, place=place)


def _kind(role: str) -> str:
    return SPOKEN.get(role, role)


def check_languages(reading: Reading, findings: Findings) -> None:
    """Find words that a screen reader would say with the voice of another language (7.2)."""
    for block, printed in reading.pairs:
        if block.letters == printed.letters:
            continue
        ours = ", ".join(block.letters)
        theirs = ", ".join(language or "none" for language in printed.letters)
        fact = f"{quoted(block.said)} is marked as language {theirs}, not {ours}."
        findings.say(fact, page=printed.page, place=block.place)


def check_lists(reading: Reading, findings: Findings) -> None:
    """Find items that are in no list, and lists that do not tell how they are numbered."""
    told: set[int] = set()
    lists: dict[int, tree.Element] = {}
    for block, printed in reading.pairs:
        if block.role != "LI":
            continue
        label = printed.label
        outer = printed.element.parent
        if outer is None or outer.role != "L":
            fact = f"the item {quoted(block.said)} is in no list."
            findings.say(fact, page=printed.page, place=block.place)
            continue
        if lists.setdefault(block.series, outer) is not outer:
            lists[block.series] = outer
            fact = f"the list before {quoted(block.said)} ends, but its items go on."
            findings.say(fact, page=printed.page, place=block.place)
        numbering = str(outer.attributes.get("/ListNumbering", "/"))[1:]
        if not _tells(numbering, block.number, label) and id(outer) not in told:
            told.add(id(outer))
            how = f"as {numbering}" if numbering else "not at all"
            fact = f"the list with {quoted(block.said)} tells its numbering {how}."
            findings.say(fact, page=printed.page, place=block.place)
        if label is not None and not squeezed(label):
            fact = f"the item {quoted(block.said)} has no mark or number on the page."
            findings.say(fact, page=printed.page, place=block.place)
        elif label and numbering == "Decimal" and bag(f"{block.number}.") != bag(label):
            fact = (
                f"the item {quoted(block.said)} has {quoted(label)} where {block.number} belongs."
            )
            findings.say(fact, page=printed.page, place=block.place)


def _tells(numbering: str, number: int, label: str | None) -> bool:
    """Tell whether a list may say this of its numbering; without marks on the page, anything."""
    if label is None:
        return numbering in NUMBERINGS
    return numbering in (COUNTING if number else (*COUNTING, "Disc", "Circle", "Square"))


def check_headings(blocks: Sequence[tree.Block], findings: Findings) -> None:
    """Find headings without words: a person who leaps from heading to heading lands on nothing."""
    for block in blocks:
        if block.role in tree.HEADINGS and not block.text:
            findings.say("a heading has no words.", page=block.page)


def check_strays(leaves: list[Leaf], listener: tree.Listener, findings: Findings) -> None:
    """Find text that a screen reader never says, or says twice (PDF/UA-1, 7.1)."""
    for leaf in leaves:
        owners: dict[str, list[Run]] = {}
        for run in leaf.runs:
            mark = run.mark
            if not squeezed(run.text) or mark.artifact == "Pagination":
                continue
            if mark.artifact:
                kind = "is marked as decoration, so it is not read aloud."
            elif not mark.is_marked or mark.number < 0:
                kind = "has no tag, so it is not read aloud."
            elif (leaf.number, mark.number) not in listener.heard:
                kind = "is not in the tree of tags, so it is not read aloud."
            else:
                continue
            owners.setdefault(kind, []).append(run)
        for kind, runs in owners.items():
            findings.say(f"{quoted(text_of(runs))} {kind}", page=leaf.number)
    said = {(leaf.number, mark): runs for leaf in leaves for mark, runs in leaf.said.items()}
    for owned, elements in listener.heard.items():
        if len(elements) > 1:
            text = quoted(text_of(said.get(owned, [])))
            findings.say(f"{text} is tagged {len(elements)} times.", page=owned[0])


def check_glue(leaves: list[Leaf], expected: Expected, findings: Findings) -> None:
    """Find a word that is read as one with the first word of the next line: no space is between.

    Where each line has a mark of its own, readers part them; in a sheet that is written from the
    right, what is painted last need not be the end of a line.
    """
    for leaf in leaves if not expected.is_rtl else ():
        for runs in leaf.said.values():
            for one, two in pairwise(runs):
                if _are_glued(one, two):
                    words = quoted("".join([*one.text.split()[-1:], *two.text.split()[:1]]))
                    findings.say(f"two words are read aloud as one: {words}.", page=leaf.number)
                    break


def _are_glued(one: Run, two: Run) -> bool:
    is_next_line = abs(one.base - two.base) > two.size / 2
    is_parted = one.text[-1:] in JOINING or one.text[-1:].isspace() or two.text[:1].isspace()
    return is_next_line and not is_parted and not is_from_the_right(one.text + two.text)


def check_running(leaves: list[Leaf], expected: Expected, findings: Findings) -> None:
    """Find pages whose head or foot lacks words, or that hide other words there.

    They are artifacts (ISO 32000-1, 14.8.2.2): a screen reader need not say them on each page.
    """
    for leaf in leaves:
        runs = [run for run in leaf.runs if run.mark.artifact == "Pagination"]
        lines = [
            line.replace(THIS_PAGE, str(leaf.number + 1)).replace(ALL_PAGES, str(len(leaves)))
            for line in expected.running
        ]
        _compare_running(lines, runs, leaf, expected, findings)


def _compare_running(
    lines: list[str], runs: list[Run], leaf: Leaf, expected: Expected, findings: Findings
) -> None:
    said = " ".join(run.text for run in runs)
    painted = squeezed(said)
    rest = bag(painted)
    for line in lines:
        letters = bag(line)
        if (squeezed(line) not in painted and not expected.is_rtl) or not letters <= rest:
            fact = f"{quoted(line)} is missing from the head or foot of the page."
            findings.say(f"{fact} There stands {quoted(said)}.", REPAIR, page=leaf.number)
            return
        rest -= letters
    # The head of a table that runs on is said once, and may be printed again as decoration.
    if +rest and not any(+rest == bag(table.head) for table in expected.tables):
        fact = f"{quoted(said)} is set as head and foot, but more is in it than belongs there."
        findings.say(fact, REPAIR, page=leaf.number)
