"""The live preview, as a writer uses it: saved words appear, faults are said, nothing is half."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, expect

from plainleaf.commands import serve
from plainleaf.commands.serve import Preview, Watch, server_of
from plainleaf.machine import engine as engine_module
from plainleaf.machine.engine import Engine
from plainleaf.machine.report import Report
from tests.browser import visit
from tests.conftest import ROOT, TODAY, on_one_paper, project_in, snapshot
from tests.jobs import square

pytestmark = pytest.mark.slow
Run = Callable[..., tuple[int, str]]
SLIP = "docs/en/slip.md"
# Before conftest lets engines share what they start.
OWN_PROCESSES = engine_module._Here


@pytest.fixture
def built(tiny_project: Path, tmp_path: Path) -> Path:
    """Give a copy of the tiny project with all that was built of it."""
    return Path(shutil.copytree(tiny_project, tmp_path / "built"))


@pytest.fixture
def few(built: Path) -> Path:
    """Give the same with one clinic and one paper: after an edit, few sheets are set."""
    shutil.rmtree(built / "clinics/anyone")
    on_one_paper(built, "corner")
    return built


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Serve a project in a process of its own; give its address, and the process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-u", str(ROOT / "build.py"), "serve", "--port", port]
    with subprocess.Popen(
        [*command, "--project", folder],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            assert process.stdout
            for line in process.stdout:
                if line.startswith("Open "):
                    break
            yield f"http://127.0.0.1:{port}", process
        finally:
            process.kill()


def change(folder: Path, old: str, new: str) -> None:
    text = (folder / SLIP).read_text("utf-8")
    assert old in text
    (folder / SLIP).write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.browser
def test_the_browser_follows_what_is_saved_and_shows_what_is_wrong(
    few: Path, chromium: Browser
) -> None:
    with served(few) as (address, process), visit(chromium, is_first=True) as seen:
        page = seen.page
        refused: list[str] = []
        page.on("console", lambda said: refused.append(said.text) if "CSP" in said.text else None)
        page.goto(f"{address}/slip.html")
        panel = page.locator("aside.preview")
        change(few, "We fill in this slip", "The two of us fill in this slip")
        words = page.locator("article").get_by_text("The two of us fill in this slip together.")
        expect(words).to_be_visible(timeout=60_000)
        assert b"The two of us" in (few / "build/preview/slip.html").read_bytes()
        assert not (few / "build/preview/offline.zip").exists()
        assert not (few / "build/preview/SHA256SUMS").exists()

        change(few, "title: Slip for a small cut", "title:")
        expect(panel).to_contain_text("This page is as it was before: 1 to mend.", timeout=60_000)
        said = f'{SLIP}:2: "title" is empty.\n    Write something after `title:`.'
        expect(panel.locator("pre")).to_contain_text(said)
        change(few, "title:", "title: Slip for a small cut")
        expect(page).to_have_title("Slip for a small cut - A small cut", timeout=60_000)
        expect(panel.locator("pre")).not_to_contain_text("is empty")

        page.goto(f"{address}/nowhere.html")
        expect(page.locator("h1")).to_have_text("There is no such page")
        # A sheet in a tab of its own follows as well, in a page around it.
        page.goto(f"{address}/handouts/corner/en/slip-a4.pdf")
        sheet = page.locator("embed[type='application/pdf']")
        assert sheet.get_attribute("src") == "/handouts/corner/en/slip-a4.pdf"
        expect(panel).to_be_attached()
        assert refused == []

        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=60)
        assert process.returncode == 0
    assert said in rest
    assert "\n1 problem. Nothing was written; the last site is as it was.\n" in rest
    assert rest.endswith("Stopped.\n")
    assert "Traceback" not in rest


def test_a_port_that_is_taken_is_told(built: Path, run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run("serve", "--project", str(built), "--port", str(port)) == (
            2,
            f"port {port} is taken, perhaps by another preview.\n"
            f"    Stop that one, or choose another: `build.py serve --port {port + 1}`.\n",
        )


def previewed(folder: Path, engine: Engine) -> Preview:
    return Preview(project_in(folder), Report("quiet"), engine, lambda: TODAY)


def test_pages_are_shown_before_sheets_that_take_long(
    few: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First with the sheets as they were, but for the one at which the writer looks."""
    monkeypatch.setattr(serve, "MANY_PAGES", 3)
    last_viewed = "handouts/corner/en/slip-a4-large"
    seen: list[tuple[int, dict[str, bytes | str]]] = []
    with Engine() as engine:
        preview = previewed(few, engine)
        preview.rebuild()
        site, before = snapshot(few / "site"), snapshot(preview.root)
        monkeypatch.setattr(
            Preview, "show", lambda self: seen.append((self.waiting, snapshot(self.root)))
        )
        change(few, "Show us the place", "Show the place")
        preview.last_viewed = f"{last_viewed}.pdf"
        preview.rebuild()
    (waiting, early), *_, (rest, late) = seen
    # One of English, and two of Arabic, which are now marked as older than their original.
    assert (waiting, rest) == (3, 0)
    for shown in (early, late):
        page = shown["slip.html"]
        assert isinstance(page, bytes)
        assert b"Show the place" in page
    assert {name for name in early if name.endswith(".pdf") and early[name] != before[name]} == {
        f"{last_viewed}.pdf",
        f"{last_viewed}-form.pdf",
    }
    assert late["handouts/corner/en/slip-a4.pdf"] != before["handouts/corner/en/slip-a4.pdf"]
    assert snapshot(few / "site") == site


@contextmanager
def answering(preview: Preview) -> Iterator[int]:
    """Serve a preview in a thread of this process; give its port."""
    with server_of(preview, 0) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def ask(port: int, path: str, host: str = "localhost") -> tuple[int, str]:
    """Ask a server on this machine; give its status and its answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    said = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer.status, said


def test_a_preview_knows_at_which_sheet_a_writer_looks(built: Path) -> None:
    with Engine() as engine, answering(preview := previewed(built, engine)) as port:
        seen = []
        for path in ("handouts/corner/en/slip-a4-form.pdf", "website.css", "slip.html"):
            assert ask(port, f"/{path}?a=1")[0] == 200
            seen.append(preview.last_viewed)
    assert seen == ["handouts/corner/en/slip-a4.pdf", "handouts/corner/en/slip-a4.pdf", "slip.html"]


def test_who_asks_for_news_is_answered_when_there_is_some(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Engine() as engine, answering(preview := previewed(built, engine)) as port:
        preview.show()
        assert ask(port, "/preview/after/0") == (200, "1")
        monkeypatch.setattr(serve, "MOST_SECONDS", 0.1)
        assert ask(port, "/preview/after/1") == (200, "1")
        assert 'data-shown="1"' in ask(port, "/ar/")[1]


def test_a_full_disk_is_told_in_the_preview_too(built: Path) -> None:
    (built / "build/lock").unlink()
    (built / "build/lock").mkdir()
    change(built, "We fill in", "You and we fill in")
    before = snapshot(built / "site")
    with Engine() as engine:
        preview = previewed(built, engine)
        preview.rebuild()
    assert preview.stopped == (
        f"{built}/build/lock cannot be written (is a directory).\n"
        "    Check the folder and the disk, then build again. The last site is as it was."
    )
    assert snapshot(built / "site") == before


def test_what_is_outdated_is_not_set_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The writer sees what was saved last, and not first what was saved before it."""
    # It stops what is at work: not those that have loaded the code for the next test.
    monkeypatch.setattr("plainleaf.machine.engine._Here", OWN_PROCESSES)
    saved = False
    came = 0
    with pytest.raises(serve.OutdatedError), serve._InterruptedEngine() as engine:
        engine.is_outdated = lambda: saved
        assert [number for _, number in engine.run(square, range(3))] != []
        monkeypatch.setattr(serve, "typeset", square)
        for _ in engine.run(square, range(1000)):
            came += 1
            saved = came == 3
    assert came == 3


def test_an_edit_while_sheets_are_set_is_built_at_once(few: Path) -> None:
    with serve._InterruptedEngine() as engine:
        preview = previewed(few, engine)
        preview.rebuild()
        sheet = preview.root / "handouts/corner/en/slip-a4.pdf"
        before = sheet.read_bytes()
        engine.is_outdated = lambda: True
        change(few, "Show us the place", "Show the place")
        preview.rebuild()
        assert preview.stopped == ""
        gates = {problem.gate for problem in preview.problems}
        assert gates == {"control.draft", "translation.stale"}
        assert sheet.read_bytes() == before
        engine.is_outdated = bool
        preview.rebuild()
    assert sheet.read_bytes() != before
    assert b"Show the place" in (preview.root / "slip.html").read_bytes()


def test_edits_are_seen_after_a_folder_was_gone_for_a_moment(tiny: Path) -> None:
    watch = Watch([tiny / "docs", tiny / "handouts"])
    watch.wait()
    assert not watch.is_changed()
    for folder in ("docs", "handouts"):
        for old, new in ((folder, "aside"), ("aside", folder)):
            (tiny / old).rename(tiny / new)
            assert watch.is_changed()
            watch.wait()
            assert not watch.is_changed()
    change(tiny, "Show us the place", "Show the place")
    assert watch.is_changed()


def test_only_who_asks_for_this_machine_is_answered(tiny: Path) -> None:
    """A page elsewhere may let its own name stand for this machine (DNS rebinding)."""
    own = ("localhost:8000", "127.0.0.1", "[::1]:8000")
    others = ("evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example:8000", "")
    with Engine() as engine, answering(previewed(tiny, engine)) as port:
        for host in own:
            assert ask(port, "/no.html", host)[0] == 404
        for host in others:
            said = (421, "This preview answers only at localhost.\n")
            assert ask(port, "/no.html", host) == said


def test_where_nothing_was_built_yet_nothing_but_the_problems_is_shown(warm: Path) -> None:
    """Not what lies in the folder from which it was started."""
    change(warm, "title: Slip for a small cut", "title:")
    with served(warm) as (address, _):
        with pytest.raises(HTTPError, match="404") as missing:
            urlopen(f"{address}/mkdocs.yml", timeout=60)
        shown = missing.value.read().decode("utf-8")
    assert "There is no such page" in shown
    assert f"{SLIP}:2: &#34;title&#34; is empty." in shown
