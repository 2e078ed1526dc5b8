"""How fast a page is on a slow phone: python -m bench.visit [site folder].

A first visit to each page, nothing kept from before, with a processor 4 times slower than this one
and a line of 1.6 Mbit/s with 150 ms to and fro (Lighthouse's slow phone, as Chromium simulates it).
Files come packed by gzip, as hosts send them. Gives for each page what came over the line (KB of
1,024 bytes), when its largest piece was drawn, in ms, and how far its pieces moved (a share of the
screen).
"""

from __future__ import annotations

import gzip
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

from plainleaf.machine.needs import browser

ROUND_TRIP, BITS = 150, 1_600_000
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


def main(site: Path) -> None:
    """Print a line for each page of a site."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Packed, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"{'page':24}{'KB':>8}{'largest ms':>12}{'moved':>8}")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser())
        for path in sorted(site.rglob("*.html")):
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
            name = path.relative_to(site).as_posix()
            page.goto(f"http://127.0.0.1:{server.server_port}/{name}", wait_until="networkidle")
            largest, moved = page.evaluate("[window.largest, window.moved]")
            print(f"{name:24}{sum(came) / 1024:8.0f}{largest:12.0f}{moved:8.3f}")
            context.close()
        chromium.close()
    server.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("site"))
