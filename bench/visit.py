"""How fast a page is on a slow phone: python -m bench.visit [site folder [page …]].

A first visit to each page, nothing kept from before, with a processor 4 times slower than this one
and a line of 1.6 Mbit/s with 150 ms to and fro (Lighthouse's slow phone, as Chromium simulates it).
Files come packed by gzip, as hosts send them. Gives for each page what came over the line (KB of
1,024 bytes), when its largest piece was drawn, in ms (the median of five visits, the fastest and
the slowest), and how far its pieces moved (a share of the screen). Chromium leaves out what it
takes to find a host and to agree on a secure line: some 0.3 s more on the first visit. Without
names it goes to all pages, but only to the first of those of codes.
"""

from __future__ import annotations

import gzip
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from plainleaf.addresses import CODES
from plainleaf.machine.needs import browser

ROUND_TRIP, BITS = 150, 1_600_000
VISITS = 5
PHONE = {"width": 390, "height": 844}
LOOK = """
new PerformanceObserver(list => {
  for (const one of list.getEntries()) window.largest = one.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
window.moved = 0;
new PerformanceObserver(list => {
  for (const one of list.getEntries()) window.moved += one.value;
}).observe({ type: "layout-shift", buffered: true });
"""


class Packed(SimpleHTTPRequestHandler):
    """Serves files packed by gzip, as hosts do, and keeps silent about it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send a file, or 404."""
        path = Path(self.translate_path(self.path))
        sent = gzip.compress(path.read_bytes(), mtime=0) if path.is_file() else b""
        self.send_response(200 if path.is_file() else 404)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _note(came: list[float], event: dict[str, float]) -> None:
    came.append(event["encodedDataLength"])


def _visit(chromium: Browser, address: str) -> tuple[float, float, float]:
    """Give what came over the line, when the largest piece was drawn, and how far pieces moved."""
    context = chromium.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(LOOK)
    inside = context.new_cdp_session(page)
    inside.send("Network.enable")
    slow = {"offline": False, "latency": ROUND_TRIP}
    speed = {"downloadThroughput": BITS / 8, "uploadThroughput": BITS / 8}
    inside.send("Network.emulateNetworkConditions", slow | speed)
    inside.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    came: list[float] = []
    inside.on("Network.loadingFinished", partial(_note, came))
    page.goto(address, wait_until="networkidle")
    largest, moved = page.evaluate("[window.largest, window.moved]")
    context.close()
    return sum(came) / 1024, largest, moved


def _pages(site: Path) -> list[str]:
    pages = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    of_codes = [name for name in pages if name.startswith(f"{CODES}/")]
    return [name for name in pages if name not in of_codes[1:]]


def main(site: Path, names: list[str]) -> None:
    """Print a line for each page of a site that is named, or for all."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Packed, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"{'page':24}{'KB':>8}{'largest ms':>12}{'from':>8}{'to':>8}{'moved':>8}")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser())
        for name in names or _pages(site):
            address = f"http://127.0.0.1:{server.server_port}/{name}"
            came, largest, moved = zip(
                *(_visit(chromium, address) for _ in range(VISITS)), strict=True
            )
            drawn = f"{median(largest):12.0f}{min(largest):8.0f}{max(largest):8.0f}"
            print(f"{name:24}{median(came):8.0f}{drawn}{max(moved):8.3f}")
        chromium.close()
    server.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("site"), sys.argv[2:])
