"""The round trip of a translation: out as a PO file, and back as pages that say the same."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

import build
from plainleaf.model import Project
from plainleaf.read.read import read
from tests.conftest import mark
from tests.repository import change

Run = Callable[..., tuple[int, str]]
Said = Callable[[Message], str]
GONE = "\n\n1 problem. Nothing was written; the last site is as it was.\n"


@pytest.fixture
def translate(tiny: Path, run: Run) -> Run:
    """Give a function that runs a step of the round trip in the tiny project."""
    return lambda *words: run("--project", str(tiny), "translate", *words)


def exported(tiny: Path, translate: Run, language: str) -> Catalog:
    path = tiny / "of-translators.po"
    assert translate("export", "--language", language, "--to", str(path)) == (0, "")
    return read_po(io.BytesIO(path.read_bytes()))


def taken_in(
    tiny: Path, translate: Run, catalog: Catalog, language: str, how: str = "person"
) -> tuple[int, str]:
    path = tiny / "back.po"
    with path.open("wb") as file:
        write_po(file, catalog, width=0)
    return translate("import", str(path), "--language", language, "--translation", how)


def told(tiny: Path, catalog: Catalog, language: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Take a catalog in; give what is said of it."""

    def run(*words: str) -> tuple[int, str]:
        status = build.main(["--project", str(tiny), "translate", *words])
        return status, capsys.readouterr().out

    capsys.readouterr()
    status, said = taken_in(tiny, run, catalog, language)
    assert status == 0
    return said


def units(catalog: Catalog) -> dict[tuple[str, str], tuple[str, bool]]:
    return {
        (str(each.context), str(each.id)): (str(each.string), each.fuzzy)
        for each in catalog
        if each.id
    }


def say(catalog: Catalog, said: Said) -> None:
    for message in catalog:
        if message.id:
            message.string = said(message)


def of(catalog: Catalog, text: str, context: str) -> Message:
    message = catalog.get(text, context)
    assert message is not None
    return message


def test_a_language_that_is_not_there_yet_is_made_by_its_translation_alone(
    tiny: Path, project: Project, translate: Run, run: Run
) -> None:
    """What comes back is read as pages, and goes out again as it came."""
    catalog = exported(tiny, translate, "fr")
    say(catalog, lambda message: f"{message.id} (fr)")
    assert taken_in(tiny, translate, catalog, "fr", "machine") == (0, "")
    again = exported(tiny, translate, "fr")
    assert units(again) == units(catalog)
    assert (tiny / "of-translators.po").read_bytes().count(b"fuzzy") == 0
    # In English this word comes with the program.
    change(tiny, "\nwords:\n", "\nwords:\n  search_common: le, la\n", "docs/fr/words.yml")
    status, errors = run("--project", str(tiny), "check", "--language", "fr")
    assert (status, [line for line in errors.split("\n") if "translat" in line]) == (0, [])
    docs = read(project.anew(), [])
    ways = {each.how for (code, _), each in docs.translations.items() if code == "fr"}
    assert ways == {"machine"}
    page = docs.pages["fr", "index"]
    assert page.title == "Washing a small cut (fr)"
    assert list(page.sections) == list(docs.pages["en", "index"].sections)
    assert page.sections["wash"].title == "How to wash the cut (fr)"


def test_pages_that_were_translated_by_hand_come_back_as_they_were(
    tiny: Path, translate: Run
) -> None:
    before = {
        name: (tiny / "docs/ar" / name).read_text("utf-8") for name in ("index.md", "slip.md")
    }
    catalog = exported(tiny, translate, "ar")
    for name in before:
        (tiny / "docs/ar" / name).unlink()
    assert taken_in(tiny, translate, catalog, "ar") == (0, "")
    assert {name: (tiny / "docs/ar" / name).read_text("utf-8") for name in before} == before
    # The words were there, and whoever reviewed them still has.
    recorded = (tiny / "docs/ar/translated.yml").read_text("utf-8")
    assert recorded.split("words.yml:")[1].startswith("\n  translation: reviewed\n")


def test_what_is_stale_comes_to_be_checked_and_is_not_taken_in_as_it_is(
    tiny: Path, translate: Run
) -> None:
    change(tiny, "Wash your hands.", "Wash both hands.")
    catalog = exported(tiny, translate, "ar")
    stale = [message for message in catalog if message.id and message.fuzzy]
    assert [(str(each.id), str(each.string), each.context) for each in stale] == [
        ("Wash both hands.", "اغسل يديك.", "index#wash")
    ]
    before = (tiny / "docs/ar/index.md").read_bytes()
    assert taken_in(tiny, translate, catalog, "ar") == (0, "")
    assert (tiny / "docs/ar/index.md").read_bytes() == before
    assert [each.id for each in exported(tiny, translate, "ar") if each.id and each.fuzzy]
    stale[0].flags.discard("fuzzy")
    assert taken_in(tiny, translate, catalog, "ar") == (0, "")
    assert not [each.id for each in exported(tiny, translate, "ar") if each.id and each.fuzzy]


def test_a_page_is_written_once_all_of_it_is_translated(
    tiny: Path, translate: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    catalog = exported(tiny, translate, "fr")
    say(catalog, lambda message: "" if message.id == "Plasters" else f"{message.id} (fr)")
    said = told(tiny, catalog, "fr", capsys)
    assert not (tiny / "docs/fr/index.md").exists()
    assert (tiny / "docs/fr/slip.md").exists()
    assert "Left out docs/fr/index.md: 1 of 26 blocks are not translated.\n" in said
    assert "Wrote docs/fr/words.yml, docs/fr/slip.md.\n" in said


def test_labels_and_risks_may_be_left_to_later_and_words_may_not(
    tiny: Path, translate: Run
) -> None:
    catalog = exported(tiny, translate, "fr")
    say(catalog, lambda message: "" if "#labels" in str(message.context) else f"{message.id}")
    assert taken_in(tiny, translate, catalog, "fr") == (0, "")
    words = (tiny / "docs/fr/words.yml").read_text("utf-8")
    assert "labels:" not in words
    assert "risks:\n  infection:\n    name: Infection\n" in words
    assert '  "yes": Yes\n' in words
    shutil.rmtree(tiny / "docs/fr")
    of(catalog, "Page", "words.yml#words.page").string = ""
    assert taken_in(tiny, translate, catalog, "fr") == (0, "")
    assert not (tiny / "docs/fr/words.yml").exists()


def test_all_that_is_lost_is_named_at_once_and_nothing_is_written(
    tiny: Path, translate: Run
) -> None:
    catalog = exported(tiny, translate, "ar")
    changes = {
        ("bleeding that goes on after you press hard for 10 minutes", "index#emergency"): "نزيف 12",
        ("Read [how to wash the cut](#wash) while you wait.", "index#today"): "اقرأ [هنا](#ready).",
        ("Page", "words.yml#words.page"): "صفحة {count}",
        ("Our number", "index#ready"): "{{ clinic(",
    }
    for (text, context), said in changes.items():
        of(catalog, text, context).string = said
    before = {path: path.read_bytes() for path in (tiny / "docs").rglob("*.*")}
    status, errors = taken_in(tiny, translate, catalog, "ar")
    assert {path: path.read_bytes() for path in (tiny / "docs").rglob("*.*")} == before
    assert status == 1
    po = (tiny / "back.po").read_text("utf-8").split("\n")
    facts = [line.split(": ", 1) for line in errors.split("\n") if ".po:" in line]
    assert sorted(fact for _, fact in facts) == [
        "this is not what the original says: it adds {count}.",
        "this is not what the original says: it lacks #wash, and it has #ready instead.",
        "this is not what the original says: it lacks 10, and it has 12 instead.",
        "what stands in its curly brackets cannot be read: unexpected 'end of template'.",
    ]
    for (text, _), (place, _) in zip(
        [each for each in changes if each[0] != "Page"],
        [each for each in facts if "{count}" not in each[1]],
        strict=True,
    ):
        assert po[int(place.rpartition(":")[2]) - 1 :][:3].count(f'msgid "{text}"') == 1
    assert "4 problems" in errors


@pytest.mark.parametrize("said", ["- وكل الجرح", "اغسل\n\nالجرح", "# اغسل"])
def test_words_that_would_break_the_page_are_refused(tiny: Path, translate: Run, said: str) -> None:
    catalog = exported(tiny, translate, "ar")
    of(catalog, "Wash the cut.", "index#key-points").string = said
    status, errors = taken_in(tiny, translate, catalog, "ar")
    assert status == 1
    assert "back.po:" in errors
    assert "this would not be read as one block, as its original is." in errors


def test_a_waiver_goes_out_and_comes_back_with_its_block(
    tiny: Path, translate: Run, run: Run
) -> None:
    catalog = exported(tiny, translate, "ar")
    text = "bleeding that goes on after you press hard for 10 minutes"
    message = of(catalog, text, "index#emergency")
    message.string = "نزيف يستمر بعد الضغط بقوة لمدة عشر دقائق"
    message.user_comments = ["waive translation.kept 10: in words, as a nurse asked"]
    assert taken_in(tiny, translate, catalog, "ar") == (0, "")
    page = (tiny / "docs/ar/index.md").read_text("utf-8")
    note = "    <!-- waive translation.kept 10: in words, as a nurse asked -->\n    - نزيف"
    assert note in page
    assert run("--project", str(tiny), "check")[0] == 0
    again = of(exported(tiny, translate, "ar"), text, "index#emergency")
    assert again.user_comments == message.user_comments
    mark(tiny)  # waived here, too


def test_what_the_original_no_longer_says_is_passed_over(
    tiny: Path, translate: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    catalog = exported(tiny, translate, "ar")
    change(tiny, "Wash your hands.", "Wash both hands.")
    said = told(tiny, catalog, "ar", capsys)
    assert "Passed over 1 block that the original no longer has.\n" in said


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        pytest.param(
            ("export", "--language", "en"),
            2,
            "English is what is translated, and no translation.\n"
            "    Name another, such as `--language es` or `pt-BR`.\n",
            id="the main language",
        ),
        pytest.param(
            ("export",),
            2,
            "say which language.\n    Add `--language`, and the code of one, such as es.\n",
            id="no language",
        ),
        pytest.param(
            ("export", "--language", "klingon"),
            2,
            '"klingon" is the code of no language.\n'
            "    Name another, such as `--language es` or `pt-BR`.\n",
            id="no such language",
        ),
        pytest.param(
            ("import", "x.po", "--language", "ar"),
            2,
            "say how these words came about.\n"
            "    Add `--translation machine`, `person`, or `reviewed` by a qualified person.\n",
            id="nobody says by whom",
        ),
        pytest.param(
            ("import", "--language", "ar", "--translation", "person"),
            2,
            "say which PO file.\n    Name one, after `import`.\n",
            id="no file",
        ),
        pytest.param(
            ("import", "not-there.po", "--language", "ar", "--translation", "person"),
            2,
            "not-there.po cannot be read (no such file or directory).\n    Check its name.\n",
            id="a file that is not there",
        ),
        pytest.param(
            ("mark", "docs/ar", "--translation", "reviewed"),
            2,
            "a translation that was reviewed names who did it, and no other does.\n"
            '    Write `--translation reviewed --reviewer "Dr A, translator"`.\n',
            id="reviewed by nobody",
        ),
        pytest.param(
            ("mark", "--translation", "person"),
            2,
            "say which files.\n    Name them, such as docs/es/aftercare.md, or all as docs/es.\n",
            id="nothing to mark",
        ),
        pytest.param(
            ("mark", "docs/en/index.md", "--translation", "person"),
            2,
            "docs/en/index.md is no file or folder of a language that translates another.\n"
            "    The folders are: docs/ar.\n",
            id="a page of the main language",
        ),
        pytest.param(
            ("mark", "docs/ar/indx.md", "--translation", "person"),
            2,
            "docs/ar/indx.md cannot be held against docs/en/indx.md.\n"
            '    Did you mean "index.md"? The files in both languages are: index.md, slip.md, '
            "words.yml.\n",
            id="a slip of the pen",
        ),
    ],
)
def test_what_cannot_be_done_is_refused(
    translate: Run, words: tuple[str, ...], status: int, said: str
) -> None:
    assert translate(*words) == (status, said)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        pytest.param(
            b'msgid "One\nmsgstr ""\n', "this holds no block of docs/en.", id="a quote is open"
        ),
        pytest.param(b"PK\x03\x04\xff\xfe", "this is no PO file", id="a zip"),
    ],
)
def test_a_file_that_is_no_po_is_refused(tiny: Path, translate: Run, raw: bytes, said: str) -> None:
    (tiny / "back.po").write_bytes(raw)
    how = ("--language", "ar", "--translation", "person")
    status, errors = translate("import", str(tiny / "back.po"), *how)
    assert status == 1
    assert said in errors
    assert "Traceback" not in errors
