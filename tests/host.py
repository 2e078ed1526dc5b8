"""A static host as clinics use them: headers, redirects and a 404 page as the site says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def headers_of(site: Path) -> dict[str, str]:
    """Give the headers of every file, as `_headers` names them."""
    first, *lines = (site / "_headers").read_text("utf-8").splitlines()
    assert first == "/*"
    return dict(line.strip().split(": ", 1) for line in lines)


def redirects_of(site: Path) -> dict[str, str]:
    """Give where old addresses lead, as `_redirects` names them."""
    lines = (site / "_redirects").read_text("utf-8").splitlines()
    assert all(line.endswith(" 301") for line in lines)
    return {old: new for old, new, _ in (line.split(" ") for line in lines)}


class Host(SimpleHTTPRequestHandler):
    """Serves a site at the path under which it is to stand."""

    def __init__(self, *given: object, site: Path, under: str) -> None:
        self.site, self.under = site, under
        super().__init__(*given, directory=str(site))  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Send a file, the way to it, or the 404 page."""
        path = self.path.partition("?")[0]
        inside = path.removeprefix(self.under.rstrip("/"))
        if inside in (moves := redirects_of(self.site)):
            self.send_response(301)
            self.send_header("Location", self.under.rstrip("/") + moves[inside])
            self.end_headers()
        elif not path.startswith(self.under) or not self._file(inside).is_file():
            page = (self.site / "404.html").read_bytes()
            self.send_response(404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)
        else:
            self.path = inside
            super().do_GET()

    def _file(self, inside: str) -> Path:
        return self.site / (inside + "index.html" if inside.endswith("/") else inside).lstrip("/")

    def end_headers(self) -> None:
        """Send the headers that the site asks for with every file."""
        for name, value in headers_of(self.site).items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Keep silent: a log says who read what."""


@contextmanager
def serving(handler: Callable[..., SimpleHTTPRequestHandler]) -> Iterator[str]:
    """Serve on this machine what a handler answers; give the address, without a path."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def hosted(site: Path, under: str = "/") -> Iterator[str]:
    """Host a site on this machine; give its address."""
    with serving(partial(Host, site=site, under=under)) as host:
        yield f"{host}{under}"
