"""The container's own settings, given to nginx as anybody runs it, answer as the site asks."""

from __future__ import annotations

import gzip
import os
import pwd
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from tempfile import TemporaryDirectory

import lxml.html
import pytest

from plainleaf.machine.needs import nginx
from plainleaf.publish.offline import SUMS
from tests.conftest import ROOT
from tests.host import headers_of, redirects_of

pytestmark = pytest.mark.slow

# The commands of the Containerfile: what is changed in the image's settings, and what is added.
CONTAINERFILE = (ROOT / "Containerfile").read_text("utf-8")
(CHANGED,) = re.findall(r"^RUN (sed .*?) \\$", CONTAINERFILE, re.MULTILINE)
(ADDED,) = re.findall(r"^RUN <<'END'\n(.*?)\nEND$", CONTAINERFILE, re.MULTILINE | re.DOTALL)
# Seconds that nginx has for an answer, and to end.
MOST_SECONDS = 30
# As in the image, where it logs visits if nobody says otherwise.
OF_THE_IMAGE = """\
user  nginx;
worker_processes  auto;
error_log  {here}/error.log notice;
pid        /run/nginx.pid;
events {{
    worker_connections  1024;
}}
http {{
    include       {types};
    default_type  application/octet-stream;
    access_log  {here}/access.log;
    include {here}/conf.d/*.conf;
}}
"""
TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "application/javascript",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".png": "image/png",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "text/xml",
    ".zip": "application/zip",
}
PACKED = {".css", ".html", ".js", ".json", ".svg", ".txt"}


@dataclass(frozen=True)
class Answer:
    """What the server says to one question."""

    status: int
    headers: HTTPMessage
    body: bytes


@dataclass(frozen=True)
class Server:
    """A site as the container serves it; here holds its settings and its logs."""

    site: Path
    here: Path
    port: int

    def ask(self, path: str, **headers: str) -> Answer:
        """Ask for a path, in an address of its own; `_` in the name of a header stands for `-`."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=MOST_SECONDS)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            line.request("GET", path, headers=named)
            answer = line.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            line.close()


def settings(site: Path, here: Path, port: int) -> Path:
    """Write the settings that the container would have, for places and a port of this machine."""
    program, main, added = str(nginx()), here / "nginx.conf", here / "conf.d"
    (here / "conf.d").mkdir()
    told = subprocess.run([program, "-V"], capture_output=True, text=True, check=True).stderr
    (own,) = re.findall(r"--conf-path=(\S+)", told)
    types = Path(own).with_name("mime.types")
    main.write_text(OF_THE_IMAGE.format(here=here, types=types), "utf-8")
    places = {"SITE": str(site), "CONF": str(added)}
    changed = CHANGED.replace("/etc/nginx/nginx.conf", str(main))
    for script in (changed, ADDED):
        subprocess.run(["sh", "-eu", "-c", script], check=True, env=os.environ | places)
    for path, old, new in (
        (main, "pid /tmp/nginx.pid;", f"pid {here}/nginx.pid;"),
        (added / "site.conf", "listen 8080;", f"listen 127.0.0.1:{port};"),
    ):
        text = path.read_text("utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), "utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    lines = (f"{kind}_temp_path {here}/{kind};\n" for kind in kinds)
    (added / "places.conf").write_text("".join(lines), "utf-8")
    return main


@contextmanager
def served(site: Path) -> Iterator[Server]:
    """Serve a site by nginx as somebody who may do nothing else, until it is left."""
    with TemporaryDirectory(prefix="plainleaf-") as name, socket.socket() as door:
        here = Path(name)
        here.chmod(0o755)
        shutil.copytree(site, here / "site")
        # The door is opened here and handed to nginx, as an older nginx does to a newer one: no
        # other program can take the port, and whoever knocks early waits.
        door.bind(("127.0.0.1", 0))
        door.listen()
        door.set_inheritable(True)
        port = door.getsockname()[1]
        main = settings(here / "site", here, port)
        nobody = pwd.getpwnam("nobody")
        is_root = os.geteuid() == 0
        if is_root:
            os.chown(here, nobody.pw_uid, nobody.pw_gid)
        with (here / "stderr.log").open("wb") as log:
            process = subprocess.Popen(
                [str(nginx()), "-c", main, "-e", here / "error.log", "-g", "daemon off;"],
                env=os.environ | {"NGINX": f"{door.fileno()};"},
                pass_fds=[door.fileno()],
                user=nobody.pw_uid if is_root else None,
                group=nobody.pw_gid if is_root else None,
                extra_groups=[] if is_root else None,
                stderr=log,
            )
        try:
            door.close()  # so that nobody waits for a server that did not start
            yield Server(here / "site", here, port)
        finally:
            process.terminate()
            try:
                process.wait(MOST_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(MOST_SECONDS)


@pytest.fixture(scope="module")
def server(hosted_site: Path) -> Iterator[Server]:
    """Give the site of the tiny project that has an address, as its container serves it."""
    with served(hosted_site) as server:
        yield server


def sent_with(answer: Answer, site: Path) -> None:
    """See that an answer bears each header that the site asks for, once, and no version."""
    for name, value in headers_of(site).items():
        assert answer.headers.get_all(name) == [value]
    assert answer.headers["Server"] == "nginx"


def test_every_file_is_sent_whole_with_its_type_and_all_headers(server: Server) -> None:
    seen, moved = set(), {server.site / old[1:] for old in redirects_of(server.site)}
    for path in sorted(server.site.rglob("*")):
        if path.is_file() and path not in moved:
            answer = server.ask(f"/{path.relative_to(server.site).as_posix()}")
            assert (answer.status, answer.body) == (200, path.read_bytes()), path
            kind = TYPES.get(path.suffix, "application/octet-stream")
            assert answer.headers.get_content_type() == kind, path
            assert "Content-Encoding" not in answer.headers
            sent_with(answer, server.site)
            seen.add(path.suffix or path.name)
    assert seen >= {".html", ".pdf", ".css", ".js", ".json", ".woff2", ".zip", SUMS}


def test_what_bears_no_word_of_its_letters_is_sent_with_one(server: Server) -> None:
    """A text in Arabic would else be read as if it were Latin."""
    asked = "/handouts/anyone/en/note.txt"
    assert server.ask(asked).headers["Content-Type"] == "text/plain; charset=utf-8"
    assert server.ask("/ar/index.html").headers["Content-Type"] == "text/html; charset=utf-8"
    assert server.ask("/handouts/fhir.json").headers["Content-Type"] == "application/json"


def test_a_folder_is_its_front_page(server: Server) -> None:
    for folder in ("", "ar/", "handouts/anyone/"):
        answer = server.ask(f"/{folder}")
        page = (server.site / folder / "index.html").read_bytes()
        assert (answer.status, answer.body) == (200, page)
    answer = server.ask("/ar")
    assert (answer.status, answer.headers["Location"]) == (301, "/ar/")


def test_a_sheet_is_kept_but_asked_for_each_time_and_may_come_in_pieces(server: Server) -> None:
    (sheet, *_) = sorted(server.site.rglob("*.pdf"))
    path = f"/{sheet.relative_to(server.site).as_posix()}"
    first = server.ask(path)
    assert first.headers["Cache-Control"] == "no-cache"
    again = server.ask(path, If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    piece = server.ask(path, Range="bytes=0-4")
    assert (piece.status, piece.body) == (206, b"%PDF-")


def test_what_is_text_comes_packed_also_through_a_proxy(server: Server) -> None:
    for suffix in TYPES:
        for path in sorted(server.site.rglob(f"*{suffix}"))[:2]:
            asked = f"/{path.relative_to(server.site).as_posix()}"
            for way in ({}, {"Via": "1.1 proxy.example"}):
                answer = server.ask(asked, Accept_Encoding="gzip, br", **way)
                assert answer.status == 200
                if suffix in PACKED:
                    assert answer.headers["Content-Encoding"] == "gzip", asked
                    assert answer.headers["Vary"] == "Accept-Encoding"
                    assert gzip.decompress(answer.body) == path.read_bytes()
                else:
                    assert "Content-Encoding" not in answer.headers, asked
                    assert answer.body == path.read_bytes()


def test_an_old_address_leads_on_within_the_host(server: Server) -> None:
    moves = redirects_of(server.site)
    assert moves
    for old, new in moves.items():
        answer = server.ask(old)
        assert (answer.status, answer.headers["Location"]) == (301, new)
        sent_with(answer, server.site)
        assert server.ask(new).status == 200


@pytest.mark.parametrize(
    ("path", "language"),
    [
        *(("/gone.html", "en"), ("/a/b/gone.html", "en"), ("/codes/AAAA-AAAA.html", "en")),
        *(("/ar/gone.html", "ar"), ("/ar/a/b/gone", "ar"), ("/arabic.html", "en")),
        # Folders that hold no page of their own.
        *(("/codes/", "en"), ("/handouts/", "en"), ("/ar/search/", "ar")),
    ],
)
def test_who_is_lost_gets_the_page_of_the_language_with_the_status_of_what_is_not_there(
    server: Server, path: str, language: str
) -> None:
    answer = server.ask(path)
    assert answer.status == 404
    assert lxml.html.fromstring(answer.body).get("lang") == language
    folder = "" if language == "en" else f"{language}/"
    assert answer.body == (server.site / folder / "404.html").read_bytes()
    sent_with(answer, server.site)


def test_nobody_is_told_who_read_what(server: Server) -> None:
    for path in ("/slip.html", "/gone-for-ever.html", "/codes/"):
        server.ask(path)
    logs = [server.here / name for name in ("access.log", "error.log", "stderr.log")]
    said = "".join(path.read_text("utf-8") for path in logs if path.exists())
    for told in ("127.0.0.1", "GET", "slip", "gone", "codes"):
        assert told not in said
