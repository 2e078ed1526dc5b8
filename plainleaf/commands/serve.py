"""The live preview: the site on this machine, made anew after each save, in a browser that follows.

It lies in build/preview, so that site/ stays what the last build made of it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from os import cpu_count
from pathlib import Path
from threading import Condition, Thread
from typing import Any
from urllib.parse import unquote, urlsplit

from plainleaf.check.check import Verdict
from plainleaf.compose.compose import Composed
from plainleaf.html.templates import environment
from plainleaf.journey import build_lock, make, prepare, report_verdict
from plainleaf.machine.engine import Died, Engine, Job, Result
from plainleaf.machine.guard import explained
from plainleaf.machine.last_build import read_of, stat_fingerprint
from plainleaf.machine.program import as_typed
from plainleaf.machine.report import Report, count_of
from plainleaf.machine.store import store_of
from plainleaf.model import Checked, Printed, Project
from plainleaf.plan import Choice
from plainleaf.problems import ContentError, MachineError, Problem
from plainleaf.publish.publish import publish
from plainleaf.publish.review import review_page
from plainleaf.publish.website import load_mkdocs
from plainleaf.typeset.limits import over_limits
from plainleaf.typeset.press import cached_pdfs, press
from plainleaf.typeset.typeset import typeset

HOST = "127.0.0.1"
OWN_NAMES = ("localhost", HOST, "[::1]")
# Files are looked at every so many seconds, and must not change for so many: an editor that saves
# many files at once saves them within that.
POLL_SECONDS, REST_SECONDS = 0.2, 0.05
# A page that asks for news is answered after so many seconds even if there is none; it asks again.
MOST_SECONDS = 20
# When more pages of sheets than these must be set, the website is shown before them.
MANY_PAGES = 20


def serve(project: Project, port: int, report: Report, today: Callable[[], date]) -> None:
    """Serve a project on this machine until Ctrl-C; today gives the day of each build.

    Raises MachineError if the port is taken, or may not be used.
    """
    with _InterruptedEngine() as engine:
        preview = Preview(project, report, engine, today)
        watch = Watch(read_of(project))
        engine.is_outdated = watch.is_changed
        with server_of(preview, port) as server:
            Thread(target=server.serve_forever, daemon=True).start()
            try:
                watch.wait()
                preview.rebuild()
                report.line(f"Open http://{HOST}:{port}/ and edit; stop with Ctrl-C.")
                while True:
                    watch.wait()
                    preview.rebuild()
            except KeyboardInterrupt:
                report.line("Stopped.")
            finally:
                server.shutdown()


class Watch:
    """Tells whether files were saved, whatever folders come and go meanwhile."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Take the folders; at first all in them counts as saved."""
        self._folders = folders
        self._seen = ""

    def is_changed(self) -> bool:
        """Tell whether something was saved since the last wait was over."""
        return stat_fingerprint(self._folders) != self._seen

    def wait(self) -> None:
        """Come back when something was saved, and all files are at rest."""
        while not self.is_changed():
            time.sleep(POLL_SECONDS)
        while self.is_changed():
            self._seen = stat_fingerprint(self._folders)
            time.sleep(REST_SECONDS)


class OutdatedError(Exception):
    """What is being set was edited meanwhile."""


class _InterruptedEngine(Engine):
    """Stops setting sheets as soon as what they are made from is saved anew.

    Sheets that are finished by then stay in the store.
    """

    is_outdated: Callable[[], bool] = bool

    def run(
        self, work: Callable[[Job], Result], jobs: Iterable[Job]
    ) -> Iterator[tuple[Job, Result | Died]]:
        for each in super().run(work, jobs):
            yield each
            if work is typeset and self.is_outdated():
                raise OutdatedError


@dataclass(slots=True)
class Preview:
    """What the browser is to see: a site, and what is wrong with the words as they are now.

    root is the folder that is shown: site/, if there is one, until the first preview is made.
    Where much must be set anew, sheets are at first as they were, and waiting counts them. is_old:
    the words as they are now could not be shown. last_viewed is the path of the sheet or page that
    was asked for last; shown counts how often there was something new to see.
    """

    project: Project
    report: Report
    engine: Engine
    today: Callable[[], date]
    root: Path = field(init=False)
    problems: Sequence[Problem] = ()
    is_old: bool = False
    waiting: int = 0
    stopped: str = ""
    last_viewed: str = ""
    shown: int = 0
    news: Condition = field(default_factory=Condition)
    printed: dict[str, list[Printed]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.root = self.project.site

    @property
    def folder(self) -> Path:
        """Where the preview lies."""
        return self.project.build / "preview"

    def show(self) -> None:
        """Let open pages load again."""
        with self.news:
            self.shown += 1
            self.news.notify_all()

    def after(self, shown: int) -> int:
        """Wait until there is more to see than was shown; give the count, the same if none came."""
        with self.news:
            self.news.wait_for(lambda: self.shown != shown, MOST_SECONDS)
            return self.shown

    def rebuild(self) -> None:
        """Make what the last edit touches. What is wrong is said in the terminal and the page."""
        self.stopped, self.waiting = "", 0
        started = time.perf_counter()
        try:
            self._rebuild()
        except ContentError as error:
            self.problems, self.is_old = error.problems, True
            self.report.problems(error.problems)
        except OutdatedError:
            return  # the next build is about to begin
        except Exception as error:
            is_foreseen = isinstance(error, MachineError)
            self.stopped = str(error) if is_foreseen else explained(error, self.project)
            self.report.stopped(self.stopped)
        else:
            clock, took = time.strftime("%H:%M:%S"), time.perf_counter() - started
            self.report.line(f"{clock} Ready after {took:.1f} s: {count_of(self.problems)}.")
        self.waiting = 0
        self.show()

    def _rebuild(self) -> None:
        self.project = project = self.project.anew()
        checked, composed, verdict = prepare(
            project, Choice(), self.report, self.today(), releases=False, holds_limits=False
        )
        self.problems = verdict.problems
        with build_lock(project.build / "lock", self.report):
            self._show_early(checked, composed, verdict)
            printed, verdict = make(
                checked, composed, verdict, self.report, self.engine, self.folder
            )
            self.root, self.problems, self.waiting = self.folder, verdict.problems, 0
            self.is_old = False
            # Last, since the writer sees the edit without it.
            sheets = (item.sheet for item in composed)
            verdict = verdict.with_more(
                over_limits(checked.docs, checked.library, sheets, self.show)
            )
            self.problems = verdict.problems
            if not verdict.is_good:
                report_verdict(verdict, composed, printed, self.report)
            store_of(project).trim()
        if composed and not self.printed:
            shortest = min(composed, key=lambda item: len(item.html))
            for _ in self.engine.run(_warm_up, [shortest] * (cpu_count() or 1)):
                pass
        self.printed = {}
        for item in printed:
            self.printed.setdefault(item.sheet.path, []).append(item)

    def _show_early(self, checked: Checked, composed: Sequence[Composed], verdict: Verdict) -> None:
        """Show the website before its sheets, as they were, if setting those takes long.

        The sheet at which the writer looks is set first.
        """
        store = store_of(self.project)
        shown = {item.sheet.path: cached_pdfs(store, item) for item in composed}
        new = {item.sheet.path: item for item in composed if not shown[item.sheet.path]}
        if not new.keys() <= self.printed.keys():
            return
        if sum(self.printed[path][0].pages for path in new) <= MANY_PAGES:
            return
        shown |= {path: self.printed[path] for path in new}
        # Problems are shown once all sheets have been set, together.
        if self.last_viewed in new:
            with suppress(ContentError):
                viewed = [new.pop(self.last_viewed)]
                made = press(self.project, viewed, Report("quiet"), self.engine)
                shown[self.last_viewed] = made.printed
        self.waiting = len(new)
        sheets = [*chain.from_iterable(shown.values())]
        publish(checked, sheets, review_page(checked, verdict), self.engine, self.folder)
        self.show()


def _warm_up(composed: Composed) -> None:
    """Let a process load its libraries before the first edit, not after it."""
    load_mkdocs()
    typeset(composed)


def server_of(preview: Preview, port: int) -> ThreadingHTTPServer:
    """Give what serves a preview. Raises MachineError if the port is taken, or may not be used."""
    try:
        return _Server((HOST, port), partial(_Handler, preview))
    except PermissionError:
        raise MachineError(
            f"you may not use port {port}.\n    Choose another: `build.py serve --port 8000`."
        ) from None
    except OSError:
        other = port + 1 if port + 1 < 2**16 else 8000
        raise MachineError(
            f"port {port} is taken, perhaps by another preview.\n"
            f"    Stop that one, or choose another: `build.py serve --port {other}`."
        ) from None


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Pass over browsers that went away before they were answered."""


class _Handler(SimpleHTTPRequestHandler):
    """Serves a preview: each page with its problems below, and each sheet within a page."""

    def __init__(self, preview: Preview, *arguments: Any) -> None:
        self._preview = preview
        # Before the page is read: if something new is shown meanwhile, the page loads again.
        self._shown = preview.shown
        super().__init__(*arguments, directory=str(preview.root))

    def parse_request(self) -> bool:
        """Answer only who asks for this machine: a page elsewhere may give its name our address.

        (DNS rebinding; the names are those of RFC 6761 and of the loopback addresses.)
        """
        if not super().parse_request():
            return False
        host = self.headers.get("Host", HOST)
        if re.sub(r":[0-9]*$", "", host).lower() in OWN_NAMES:
            return True
        self._answer("text/plain", b"This preview answers only at localhost.\n", 421)
        return False

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        preview = self._preview
        if path.endswith((".pdf", ".html", "/")):
            preview.last_viewed = path.removeprefix("/").replace("-form.pdf", ".pdf")
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if path.endswith("/") else file
        if path.startswith("/preview/after/"):
            count = preview.after(int(path.rpartition("/")[2]))
            self._answer("text/plain", str(count).encode())
        elif path in ("/preview.css", "/preview.js"):
            folder = preview.project.shared_templates / "preview"
            self._answer(self.guess_type(path), (folder / path[1:]).read_bytes())
        # Only a PDF that is opened in a tab, not one embedded in a page (Fetch Metadata, W3C).
        elif path.endswith(".pdf") and self.headers.get("Sec-Fetch-Dest") == "document":
            self._answer_page(self._render("sheet", path=path))
        elif file.suffix == ".html" and file.is_file():
            self._answer_page(file.read_bytes())
        elif file.is_file() or (file / "index.html").is_file():
            super().do_GET()
        else:
            self._answer_page(self._render("missing"), HTTPStatus.NOT_FOUND)

    def _answer_page(self, page: bytes, status: int = HTTPStatus.OK) -> None:
        """Answer with a page, and below it what is wrong, and what loads it again."""
        body, end, rest = page.rpartition(b"</body>")
        panel = self._render("panel", preview=self._preview, shown=self._shown)
        self._answer("text/html", body + panel + end + rest, status)

    def _answer(self, kind: str, content: bytes, status: int = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def end_headers(self) -> None:
        # A browser's cache would hide what was saved since.
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Keep who asked for what from the terminal: there stands what is wrong."""

    def _render(self, template: str, **values: object) -> bytes:
        templates = environment(self._preview.project, "preview")
        page = templates.get_template(f"{template}.html.jinja").render(values)
        return as_typed(page).encode("utf-8")
