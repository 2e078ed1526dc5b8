"""The live preview: the site on this machine, made anew after each save, in a browser that follows.

The server is the one that MkDocs has: it watches files, and tells open pages to load again.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Event, Thread
from typing import Any

from mkdocs.livereload import LiveReloadServer

from plainleaf.check.check import Verdict
from plainleaf.compose.compose import Composed
from plainleaf.html.templates import environment
from plainleaf.journey import alone, make, prepare, tell
from plainleaf.machine.engine import Died, Engine, Job, Result
from plainleaf.machine.guard import told
from plainleaf.machine.last_build import asked, looks, read_of, remember, warnings_of
from plainleaf.machine.report import Report, count_of
from plainleaf.machine.store import store_of
from plainleaf.model import Checked, Printed, Project
from plainleaf.plan import Choice
from plainleaf.problems import ContentError, MachineError, Problem
from plainleaf.publish.publish import publish, recover
from plainleaf.publish.review import review_page
from plainleaf.typeset.limits import over_limits
from plainleaf.typeset.press import kept, press
from plainleaf.typeset.typeset import typeset

HOST = "127.0.0.1"
OWN_NAMES = ("localhost", HOST, "[::1]")
# How often files are looked at, and how long they must be at rest, in seconds: an editor that
# saves many files at once saves them within that.
LOOKS, RESTS = 0.2, 0.05
# Pages of sheets that a writer does not wait for before the website shows what was written.
MANY_PAGES = 20
_EVERYTHING = ("", "", "", False)  # as `build.py` without options: its record is the same


def serve(project: Project, port: int, report: Report, today: Callable[[], date]) -> None:
    """Serve a project on this machine until Ctrl-C; today gives the day of each build.

    Raises MachineError if the port is taken, or may not be used.
    """
    logging.getLogger("mkdocs.livereload").setLevel(logging.CRITICAL)
    try:
        with _Setting() as engine:
            preview = Preview(project, report, engine, today)
            server = _Server(preview, port)
            preview.show = server.show
            engine.is_outdated = server.is_outdated
            try:
                server.serve()  # type: ignore[no-untyped-call]
            finally:
                server.shutdown()
    except KeyboardInterrupt:
        report.line("Stopped.")
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


class OutdatedError(Exception):
    """What is being set was edited meanwhile."""


class _Setting(Engine):
    """Stops setting sheets as soon as they are no longer what the writer wrote.

    Those that were finished are in the store, and lost by nothing.
    """

    is_outdated: Callable[[], bool] = bool

    def run(
        self, work: Callable[[Job], Result], jobs: Iterable[Job | None]
    ) -> Iterator[tuple[Job, Result | Died]]:
        for each in super().run(work, jobs):
            yield each
            if work is typeset and self.is_outdated():
                raise OutdatedError


@dataclass(slots=True)
class Preview:
    """What the browser is to see: a site, and what is wrong with the words as they are now.

    root is the folder of the site. Where much must be set anew, that is at first a copy whose
    sheets are as they were; the site itself is always whole. is_old: the words as they are now
    could not be shown. looked_at is the path of the sheet or page that was asked for last.
    """

    project: Project
    report: Report
    engine: Engine
    today: Callable[[], date]
    show: Callable[[], None] = lambda: None
    root: Path = field(init=False)
    problems: Sequence[Problem] = ()
    is_old: bool = False
    waiting: int = 0
    stopped: str = ""
    looked_at: str = ""
    printed: dict[str, list[Printed]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.root = self.project.site

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
            known = isinstance(error, MachineError)
            self.stopped = str(error) if known else told(error, self.project)
            self.report.stopped(self.stopped)
        else:
            self.root = self.project.site
            took = time.perf_counter() - started
            said = f"Ready after {took:.1f} s: {count_of(self.problems)}."
            self.report.line(f"{time.strftime('%H:%M:%S')} {said}")
        self.waiting = 0

    def _rebuild(self) -> None:
        self.project = self.project.anew()
        project, day = self.project, self.today()
        key = asked(project, _EVERYTHING, day)
        # The first time all is read, so that the first edit is not the slow one.
        if self.printed and (warnings := warnings_of(project, key)) is not None:
            self.problems, self.is_old = warnings, False
            return
        known, composed, verdict = prepare(
            project, Choice(), self.report, day, releases=False, holds_limits=False
        )
        self.problems = verdict.problems
        with alone(project.build / "lock", self.report):
            recover(project)
            self._show_early(known, composed, verdict)
            printed, verdict = make(known, composed, verdict, self.report, self.engine)
            self.root, self.problems, self.waiting = project.site, verdict.problems, 0
            self.is_old = False
            # The writer need not wait for it to see what was written.
            sheets = (item.sheet for item in composed)
            found = over_limits(known.docs, known.library, sheets, self.show)
            verdict = verdict.with_more(found)
            self.problems = verdict.problems
            if not verdict.is_good:
                tell(verdict, composed, printed, self.report)
            else:
                remember(project, key, verdict.problems)
            store_of(project).trim()
        if composed and not self.printed:
            shortest = min(composed, key=lambda item: len(item.html))
            for _ in self.engine.run(_load, [shortest] * (os.cpu_count() or 1)):
                pass
        self.printed = {}
        for item in printed:
            self.printed.setdefault(item.sheet.path, []).append(item)

    def _show_early(self, known: Checked, composed: Sequence[Composed], verdict: Verdict) -> None:
        """Show the website before its sheets, as they were, if setting those takes long.

        The sheet at which the writer looks is set first.
        """
        store = store_of(self.project)
        shown = {item.sheet.path: kept(store, item) for item in composed}
        new = {item.sheet.path: item for item in composed if not shown[item.sheet.path]}
        if not new.keys() <= self.printed.keys():
            return
        if sum(self.printed[path][0].pages for path in new) <= MANY_PAGES:
            return
        shown |= {path: self.printed[path] for path in new}
        # What is wrong is told when all sheets have been set, all of it.
        if self.looked_at in new:
            with suppress(ContentError):
                wanted = [new.pop(self.looked_at)]
                made = press(self.project, wanted, Report("quiet"), self.engine)
                shown[self.looked_at] = made.printed
        self.waiting = len(new)
        copy = self.project.build / "preview"
        every = [item for items in shown.values() for item in items]
        publish(known, every, review_page(known, verdict), self.engine, copy)
        self.root = copy
        self.show()


def _load(composed: Composed) -> None:
    """Let a process load before the first edit what it would else load after it."""
    import mkdocs.commands.build  # noqa: F401, PLC0415

    typeset(composed)


class _Server(LiveReloadServer):
    """Serves a preview: its problems stand below each page, and a sheet in a page that follows."""

    def __init__(self, preview: Preview, port: int) -> None:
        super().__init__(self._begin, HOST, port, str(preview.root), polling_interval=LOOKS)
        self.preview = preview
        self._want_rebuild = True
        self.build_delay = RESTS
        self.error_handler = self._missing
        watch: Any = _Watch(read_of(preview.project), self._edited)
        self.observer = watch
        self._watched_paths = {str(preview.project.folder): 1}  # so that pages follow

    def _edited(self) -> None:
        with self._rebuild_cond:
            self._want_rebuild = True
            self._rebuild_cond.notify_all()

    def is_outdated(self) -> bool:
        """Tell whether something was saved since the build began that is under way."""
        return bool(self._want_rebuild)

    def _begin(self) -> None:
        """Build for the first time, when files are watched already: none is saved unseen."""
        self.builder = self.preview.rebuild
        self.builder()
        self.preview.report.line(f"Open {self.url} and edit; stop with Ctrl-C.")

    def show(self) -> None:
        """Let open pages load again while a build goes on."""
        with self._epoch_cond:
            self._visible_epoch = self._wanted_epoch
            self._epoch_cond.notify_all()
            self._wanted_epoch += 1  # they load once more when the build is over

    def serve_request(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer only who asks for this machine: a page elsewhere may give its name our address.

        (DNS rebinding; the names are those of RFC 6761 and of the loopback addresses.)
        """
        host = environ.get("HTTP_HOST", HOST)
        if re.sub(r":[0-9]*$", "", host).lower() not in OWN_NAMES:
            start_response("421 Misdirected Request", [("Content-Type", "text/plain")])
            return [b"This preview answers only at localhost.\n"]
        answer: Iterable[bytes] = super().serve_request(environ, start_response)
        return answer

    def _serve_request(self, environ: Any, start_response: Any) -> Iterable[bytes] | None:
        self.root = str(self.preview.root)
        path = environ["PATH_INFO"]
        if path.endswith((".pdf", ".html", "/")):
            self.preview.looked_at = path.removeprefix("/").replace("-form.pdf", ".pdf")
        if path == "/preview.css":
            folder = self.preview.project.shared_templates / "preview"
            return _answer(start_response, "text/css", (folder / "preview.css").read_bytes())
        # Only what a tab itself asks for, not what a page in it embeds (Fetch Metadata, W3C).
        if path.endswith(".pdf") and environ.get("HTTP_SEC_FETCH_DEST") == "document":
            page = self._render("sheet", path=path)
            return _answer(start_response, "text/html", self._inject_js_into_html(page, self._seen))
        found: Iterable[bytes] | None = super()._serve_request(environ, start_response)
        return found

    @property
    def _seen(self) -> int:
        return int(self._visible_epoch)

    def _missing(self, code: int) -> bytes:
        return self._inject_js_into_html(self._render("missing", code=code), self._seen)

    def _inject_js_into_html(self, content: bytes, epoch: int) -> bytes:
        """Add what reloads the page, which its security policy must let run, and the problems."""
        panel = self._render("panel", preview=self.preview)
        body, end, rest = content.rpartition(b"</body>")
        page: bytes = super()._inject_js_into_html(  # type: ignore[no-untyped-call]
            body + panel + end + rest, epoch
        )
        script = page.rpartition(b"<script>")[2].partition(b"</script>")[0]
        digest = base64.b64encode(hashlib.sha256(script).digest())
        return page.replace(b"script-src 'self'", b"script-src 'self' 'sha256-%b'" % digest, 1)

    def _render(self, template: str, **values: object) -> bytes:
        templates = environment(self.preview.project, "preview")
        return templates.get_template(f"{template}.html.jinja").render(values).encode("utf-8")

    def handle_error(self, *_: object) -> None:
        """Pass over browsers that went away before they were answered."""


class _Watch(Thread):
    """Tells of each change to some files, whatever folders come and go meanwhile."""

    def __init__(self, folders: Sequence[Path], changed: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._folders = folders
        self._changed = changed
        self._ended = Event()
        self._seen = looks(folders)

    def run(self) -> None:
        while not self._ended.wait(LOOKS):
            seen = looks(self._folders)
            if seen != self._seen:
                self._seen = seen
                self._changed()

    def stop(self) -> None:
        self._ended.set()


def _answer(start_response: Any, kind: str, content: bytes) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", kind), ("Content-Length", str(len(content)))])
    return [content]
