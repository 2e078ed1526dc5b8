"""Tests of what people keep: the copy is the site, opens from a folder, and its sums are right."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

import lxml.html
import pytest
from playwright.sync_api import Browser

from plainleaf.publish.offline import OFFLINE, SUMS, folder_name, sums, zipped
from tests.browser import FIELD, FOUND, PHONE, SEARCH, pages_to_visit, visit


def test_the_copy_has_the_same_bytes_whenever_and_wherever_it_is_made() -> None:
    files = {"b.html": b"<p>" * 900, "a/c.pdf": b"%PDF-", "_headers": b"/*\n"}
    first = zipped(files, "site")
    assert zipped(dict(reversed(files.items())), "site") == first
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert packed.namelist() == ["site/_headers", "site/a/c.pdf", "site/b.html"]
        assert packed.read("site/b.html") == files["b.html"]
        assert packed.getinfo("site/b.html").compress_size < 100


@pytest.mark.parametrize(
    ("name", "folder"),
    [("Plainleaf", "Plainleaf"), ("A small cut: why?", "A-small-cut-why"), ("../..", "site")],
)
def test_the_folder_of_the_copy_bears_the_name_of_the_site(name: str, folder: str) -> None:
    assert folder_name(name) == folder


def test_the_copy_is_the_whole_site_but_itself_and_the_sums_in_one_folder(
    hosted_site: Path,
) -> None:
    ours = {
        f"A-small-cut/{path.relative_to(hosted_site).as_posix()}": path.read_bytes()
        for path in hosted_site.rglob("*")
        if path.is_file() and path.name not in (OFFLINE, SUMS)
    }
    with zipfile.ZipFile(hosted_site / OFFLINE) as copy:
        assert copy.testzip() is None
        assert {name: copy.read(name) for name in copy.namelist()} == ours


def test_the_handouts_page_leads_to_the_copy_and_to_the_sums_and_says_what_they_are(
    hosted_site: Path,
) -> None:
    for folder, up in (("", ""), ("ar/", "../")):
        tree = lxml.html.parse(hosted_site / folder / "handouts.html").getroot()
        (copy,), (listed,) = (
            tree.xpath(f"//article//a[@href='{up}{name}']/..") for name in (OFFLINE, SUMS)
        )
        assert " ".join(copy.text_content().split()).endswith(" ZIP"), folder
        assert "SHA-256" in listed.text_content(), folder
        assert (hosted_site / folder / up / SUMS).is_file()


def test_sums_have_the_same_bytes_in_whatever_order_the_files_come() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    files = {"b.pdf": b"", "a/c.pdf": b"%PDF-"}
    lines = sums(files).decode("utf-8").splitlines()
    assert [line.split("  ")[1] for line in lines] == ["a/c.pdf", "b.pdf"]
    assert lines[1] == f"{empty}  b.pdf"
    assert sums(dict(reversed(files.items()))) == sums(files)


def test_sha256sum_finds_the_copy_and_every_sheet_as_they_were_published(
    hosted_site: Path, tmp_path: Path
) -> None:
    command = ["sha256sum", "--check", "--strict", SUMS]
    done = subprocess.run(command, cwd=hosted_site, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    sheets = {
        path.relative_to(hosted_site).as_posix()
        for end in ("pdf", "txt")
        for path in hosted_site.glob(f"handouts/*/*/*.{end}")
    }
    assert {path.rpartition(".")[2] for path in sheets} == {"pdf", "txt"}
    assert set(done.stdout.splitlines()) == {f"{path}: OK" for path in {OFFLINE, *sheets}}
    # One byte more is told.
    for path in (OFFLINE, SUMS, *sheets):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes((hosted_site / path).read_bytes())
    changed = min(sheets)
    (tmp_path / changed).write_bytes((tmp_path / changed).read_bytes() + b"\n")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert [line for line in done.stdout.splitlines() if not line.endswith(" OK")] == [
        f"{changed}: FAILED"
    ]


def test_the_unpacked_copy_opens_from_a_folder_and_finds_a_word(
    chromium: Browser,
    hosted_site: Path,
    tmp_path: Path,
) -> None:
    """In English and in Arabic; nothing is blocked, and nothing is asked of the net."""
    with zipfile.ZipFile(hosted_site / OFFLINE) as copy:
        copy.extractall(tmp_path)
    site = tmp_path / "A-small-cut"
    words = {"index.html": ("plaster", "slip.html"), "ar/index.html": ("لاصق", "index.html")}
    with visit(chromium, PHONE) as seen:
        for name, (word, found) in words.items():
            page = seen.go((site / name).as_uri())
            page.locator(SEARCH).click()
            page.locator(FIELD).fill(word)
            page.locator(f"{FOUND}[href*='{found}']").click(timeout=9000)
            page.wait_for_url(f"file:///**/{found}*")
        for path in pages_to_visit(site):
            # The links of a 404 page start at the root of a host, and old addresses lead on.
            if path.name != "404.html" and b'"refresh"' not in path.read_bytes():
                seen.go(path.as_uri())
        assert seen.complaints == []
        assert {url.partition(":")[0] for url in seen.requests} <= {"file", "data"}
