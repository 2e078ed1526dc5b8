"""Tests of the rules of a procedure: what was demanded before still is, and what phrases find."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from plainleaf.check.gates.claims import findings
from plainleaf.check.gates.lexicon import for_procedure, shipped_lexicon
from plainleaf.model import Demand, OwnClaim, Rules
from plainleaf.problems import Place
from tests.check.test_content import known, told
from tests.check.test_gates import passage
from tests.conftest import HERE, ROOT
from tests.repository import change

# What each was called before it named no pain and no treatment.
RENAMED = {
    "the name of the treatment": "the name of the procedure (neural prolotherapy)",
    "the cause of the pain": "the cause",
    "how the pain may go on": "how things may go on then",
}
# Said in more ways than before, since others write of other procedures.
WIDER = {"that it may not help", "how sure that is", "how unsure it is"}


def demanded_before() -> Iterator[tuple[str, str, str, str]]:
    """Give each thing that was demanded: the kind of handout, the element, what, the pattern."""
    text = (HERE / "check/demanded_before.yml").read_text("utf-8")
    for kind, elements in yaml.load(text, yaml.CBaseLoader).items():
        for element, demands in elements.items():
            for what, pattern in demands.items():
                yield kind, element, what, pattern


@cache
def texts() -> list[str]:
    """Give all that ships, passage by passage and section by section."""
    found = []
    for page_text in told().values():
        found += [each.text for each in page_text.printed]
        for section in page_text.page.sections:
            found.append(" ".join(each.text for each in page_text.under(section)))
    return found


@pytest.mark.parametrize(
    ("kind", "element", "what", "pattern"),
    list(demanded_before()),
    ids=lambda value: value if len(value) < 50 else "",
)
def test_what_was_demanded_of_neural_prolotherapy_still_is(
    kind: str, element: str, what: str, pattern: str
) -> None:
    """It is asked for by name, and found in the same words of all that ships, and in no others."""
    now = known().elements(kind, element)[RENAMED.get(what, what)]
    before = re.compile(pattern, re.IGNORECASE)
    differing = [text for text in texts() if bool(now.search(text)) != bool(before.search(text))]
    assert [text for text in differing if before.search(text) or what not in WIDER] == []


def test_the_red_flags_of_before_are_red_flags_still() -> None:
    flags = known().patterns["red-flag"]
    for sign in (
        "bladder",
        "bowel",
        "weakness",
        "chest pain",
        "wheezing",
        "fever",
        "pus",
        "spreads",
    ):
        assert flags.search(f"new {sign} today"), sign


def rules_of(**changed: object) -> Rules:
    """Give rules of an invented procedure."""
    given: dict[str, object] = {
        "procedure": "toe taping",
        "names": ("toe taping",),
        "is_off_label": False,
        "demands": (),
        "not_needed": frozenset(),
        "red_flags": (),
        "claims": (),
        "may_be_said": (),
        "how_often": (),
        "source": Place("docs/en/rules.yml"),
    }
    return Rules(**{**given, **changed})  # type: ignore[arg-type] # as given by each test


def demand(*phrases: str) -> re.Pattern[str]:
    """Give how phrases are looked for."""
    rules = rules_of(demands=(Demand("consent", "risks", "it", phrases),))
    return for_procedure(shipped_lexicon("en"), rules).elements("consent", "risks")["it"]


@pytest.mark.parametrize(
    ("phrase", "found", "not_found"),
    [
        ("lung", ["a Lung.", "(lung)"], ["lungs", "plunge"]),
        ("lung*", ["lungs", "lung"], ["a plunge"]),
        ("just under the skin", ["just  under the\u00a0skin"], ["just under your skin"]),
        ("chest … breath*", ["Chest pain. It hurts to breathe."], ["breath and chest"]),
        ("chest ... breath*", ["chest pain, short of breath"], ["chests, breath"]),
        ("face … droop*, arm", ["a face that droops, arm weak"], ["a face that droops"]),
        ("5%", ["of 5% here", "5%."], ["15%", "5 %"]),
        ("38 °C", ["38 °C (100 °F)"], ["138 °C", "38 °Cold"]),
        ("doctor's", ["the doctor’s name", "doctor's"], ["doctors"]),
        ("a.b", ["see a.b now"], ["a-b", "axb"]),
        ("(or)", ["one (or) two"], ["or"]),
        ("über*", ["Überempfindlich"], ["drüber"]),
    ],
)
def test_a_phrase_finds_whole_words(phrase: str, found: list[str], not_found: list[str]) -> None:
    assert [text for text in found if not demand(phrase).search(text)] == []
    assert [text for text in not_found if demand(phrase).search(text)] == []


def test_a_phrase_of_many_gaps_is_looked_for_in_no_time() -> None:
    """Trying each way to fill them would take longer than anybody waits."""
    pattern = demand(" … ".join(["the"] * 12) + " … end")
    assert not pattern.search("the " * 2000)
    assert pattern.search("the " * 12 + "end")


def claims_of(sentence: str, rules: Rules, *sources: str) -> list[tuple[str, str]]:
    known = for_procedure(shipped_lexicon("en"), rules, "", rules.may_be_said)
    return [
        (problem.gate, problem.message)
        for problem in findings(passage(sentence, sources=sources), known)
    ]


def test_a_claim_is_told_with_the_name_of_the_procedure() -> None:
    ((gate, said),) = claims_of("Toe taping works.", rules_of())
    assert gate == "claims.works"
    assert "for how many people toe taping works" in said
    assert "this treatment" not in said


def test_what_works_is_known_by_the_names_of_the_procedure() -> None:
    """Nobody wrote a pattern for toes."""
    assert claims_of("Sticky strips help.", rules_of()) == []
    rules = rules_of(names=("toe taping", "sticky strip*"))
    assert [gate for gate, _ in claims_of("Sticky strips help.", rules)] == ["claims.works"]


def test_a_claim_that_may_be_said_passes_beside_a_source_only() -> None:
    rules = rules_of(may_be_said=("works",))
    assert claims_of("Toe taping works.", rules, "lee-2020") == []
    assert [gate for gate, _ in claims_of("Toe taping works.", rules)] == ["claims.works"]
    assert claims_of("Toe taping works.", rules_of(), "lee-2020") != []


def test_a_claim_of_the_rules_is_refused_unless_it_is_denied_or_asked() -> None:
    claim = OwnClaim("toes", ("never … again",), "toes are toes.", "Say so.", "house rule")
    rules = rules_of(claims=(claim,))
    for sentence in ("It never hurts again.", "It will never swell again."):
        assert ("claims.own") in [gate for gate, _ in claims_of(sentence, rules)]
    assert claims_of("Nobody can say that it never swells again.", rules) == []
    assert claims_of("Will it never swell again?", rules) == []


def test_off_label_use_is_asked_for_where_there_is_any() -> None:
    said = "that the use is off-label"
    for is_off_label in (True, False):
        known = for_procedure(shipped_lexicon("en"), rules_of(is_off_label=is_off_label))
        assert bool(known.elements("consent", "off-label")) == is_off_label
        assert (said in known.elements("consent", "questions")) == is_off_label


@pytest.fixture
def folder(tiny: Path) -> Path:
    """Give a copy of tests/tiny, in English alone, with the aftercare of a second procedure."""
    shutil.rmtree(tiny / "docs/ar")
    shutil.rmtree(tiny / "ledger")
    shutil.rmtree(tiny / "clinics/corner")
    return Path(shutil.copytree(HERE / "check/splinter", tiny, dirs_exist_ok=True))


def translate(folder: Path, language: str, *more: str) -> None:
    """Say all pages and words, and more files, in the same words in another language."""
    for file in ("index.md", "slip.md", "words.yml", "other/index.md", *more):
        copy = folder / "docs" / language / file
        copy.parent.mkdir(exist_ok=True, parents=True)
        shutil.copy(folder / "docs/en" / file, copy)


def test_a_folder_has_rules_of_its_own_and_none_of_those_above(
    folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    status, said = run("check", "--project", str(folder))
    assert (status, set(re.findall(r"\[(\w+\.[\w-]+)", said))) == (0, {"control.draft"}), said


def test_its_sheets_are_held_against_its_own_rules(
    folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    said = "your jaw gets stiff, because"
    change(folder, said, "you shake, because", "docs/en/other/index.md")
    status, said = run("check", "--project", str(folder))
    assert status == 1
    assert 'one thing is missing in the part "emergency": tetanus.' in said
    assert "new weakness" not in said


def test_a_folder_without_rules_comes_under_those_above(
    folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    (folder / "docs/en/other/rules.yml").unlink()
    status, said = run("check", "--project", str(folder))
    assert status == 1
    assert 'one thing is missing in the part "emergency": new weakness.' in said
    assert 'this aftercare sheet does not carry "medicines".' in said


def test_a_folder_with_rules_needs_them_in_each_language_that_has_a_lexicon(
    folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    translate(folder, "en-GB", "rules.yml")
    status, said = run("check", "--project", str(folder))
    assert status == 1
    (missing,) = [line for line in said.split("\n") if "this file is missing" in line]
    assert missing.startswith("docs/en-GB/other/rules.yml: this file is missing, and handouts/")


def test_what_does_not_apply_does_so_in_a_language_without_a_lexicon(
    folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    translate(folder, "ar")
    # In English this word comes with the program.
    change(folder, "\nwords:\n", "\nwords:\n  search_common: the, of\n", "docs/ar/words.yml")
    status, said = run("check", "--project", str(folder))
    assert "does not carry" not in said
    assert status == 0, said


def test_rules_that_are_broken_are_told_once(
    folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    """What they would ask for is not held against anything until they are mended."""
    change(folder, "[jaw … stiff]", "[]", "docs/en/other/rules.yml")
    status, said = run("check", "--project", str(folder))
    assert status == 1
    assert said.count("rules.yml") == 1
    assert "aftercare" not in said.replace("docs/en/other/rules.yml", "")


def test_rules_that_no_page_comes_under_are_told(
    folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    """Their folder may have a slip of the pen in its name."""
    (folder / "docs/en/otter").mkdir()
    shutil.copy(folder / "docs/en/other/rules.yml", folder / "docs/en/otter")
    shutil.copy(folder / "docs/en/other/rules.yml", folder / "docs/rules.yml")
    _, said = run("check", "--project", str(folder))
    assert "docs/en/otter/rules.yml: warning: no page comes under these rules." in said
    assert "docs/rules.yml: these rules stand in the folder of no language." in said


def test_a_lexicon_of_the_project_takes_the_place_of_what_it_names(
    folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    """What was a claim is none any more; all else of the program's lexicon stays."""
    change(folder, "Show us the place.", "It works. It is safe.", "docs/en/slip.md")
    assert {"claims.works", "claims.safe"} <= set(gates_found(run, folder))
    (folder / "docs/en/lexicon.yml").write_text(
        """\
claims:
  works:
    says: 'does the trick'
    reason: nobody knows.
    hint: Say so.
    standard: house rule
""",
        "utf-8",
    )
    assert gates_found(run, folder) == ["claims.safe"]


def gates_found(run: Callable[..., tuple[int, str]], folder: Path) -> list[str]:
    _, said = run("check", "--project", str(folder))
    return [gate for gate in re.findall(r"\[(\w+\.[\w-]+)", said) if gate != "control.draft"]


def test_a_whole_lexicon_makes_a_language_known(
    folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    translate(folder, "ar")
    whole = ROOT / "plainleaf/check/gates/lexicon/en.yml"
    shutil.copy(whole, folder / "docs/ar/lexicon.yml")
    status, said = run("check", "--project", str(folder))
    assert status == 1
    assert "docs/ar/other/rules.yml: this file is missing" in said


@pytest.mark.slow
def test_a_change_of_the_rules_is_no_day_on_which_nothing_is_to_do(
    warm: Path, run: Callable[..., tuple[int, str]]
) -> None:
    """What was built with other rules is checked again."""
    first = ("--project", str(warm), "--clinic", "anyone", "--language", "en", "--handout", "note")
    assert run(*first)[0] == 0
    change(warm, "off_label: yes", "off_label: yse", "docs/en/rules.yml")
    status, said = run(*first)
    assert (status, "off_label" in said) == (1, True)


@pytest.mark.parametrize(
    ("kind", "element", "what", "sentence"),
    [
        ("consent", "condition", "how sure that is", "It is most likely a wart."),
        ("consent", "condition", "how sure that is", "We cannot be sure of it."),
        ("consent", "evidence", "how unsure it is", "Nobody is sure how much it does."),
        ("consent", "evidence", "how unsure it is", "The studies do not agree."),
    ],
)
def test_others_may_say_it_in_their_own_words(
    kind: str, element: str, what: str, sentence: str
) -> None:
    demanded = known().elements(kind, element)[what]
    assert demanded.search(sentence)
    assert not demanded.search("It is a wart.")


@pytest.mark.parametrize("advice", ["for two weeks", "for several days", "for the rest of the day"])
def test_how_long_may_be_said_in_words(advice: str) -> None:
    until = known().patterns["until"]
    assert until.search(f"Keep it dry {advice}.")
    assert not until.search("Keep it dry.")
