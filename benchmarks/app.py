"""How long does a visitor wait? From the start of the server to the first page, and from a toggle to the new figure.

    python -m benchmarks.app [--toggles 30] [--depth 20] [--json]

A real server and a real browser on this machine. On the gradient page BatchNorm is switched off, which nobody has asked
for with that seed before (uncached), and on again (cached), in turn, so that both meet the same noise. A figure counts
as redrawn once the paths of its lines have changed, seen from inside the browser.
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parent.parent
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
PATIENCE = "Promise.race([window.redrawn, new Promise((_, fail) => setTimeout(() => fail('not redrawn'), 60000))])"
WATCH = """
() => {
  const numbers = () => {
    const lines = document.querySelectorAll('.js-plotly-plot .scatterlayer path.js-line')
    return Array.from(lines, (line) => line.getAttribute('d')).join(';')
  }
  const before = numbers()
  window.redrawn = new Promise((done) => {
    document.addEventListener('click', () => {
      const begin = performance.now()
      const look = () => {
        const now = numbers()
        if (now && now !== before) requestAnimationFrame(() => done(performance.now() - begin))
        else requestAnimationFrame(look)
      }
      look()
    }, { once: true, capture: true })
  })
}
"""


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--toggles", type=int, default=30)
    parser.add_argument("--depth", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    result = measure(asked.toggles, asked.depth)
    print(
        json.dumps(result, indent=2) if asked.json else "\n".join(f"{name}: {value}" for name, value in result.items())
    )


def measure(toggles: int, depth: int) -> dict[str, object]:
    """Start a server and a browser, toggle, and end both."""
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        port = free_port()
        begin = time.perf_counter()
        server = start(port)
        try:
            healthy = time.perf_counter() - begin
            page.goto(f"http://127.0.0.1:{port}/")
            page.wait_for_selector(".js-plotly-plot .main-svg", state="attached", timeout=90_000)
            first = time.perf_counter() - begin
            wait(f"http://127.0.0.1:{port}/readyz")
            ready = time.perf_counter() - begin
            uncached, cached = _toggle(page, f"http://127.0.0.1:{port}/gradients", toggles, depth)
        finally:
            server.terminate()
            server.wait(30)
            browser.close()
    return {
        "start to healthy (s)": round(healthy, 2),
        "start to first page with its figure (s)": round(first, 2),
        "start to workers ready (s)": round(ready, 2),
        "toggle, uncached (ms)": _summary(uncached),
        "toggle, cached (ms)": _summary(cached),
        "cached / uncached, median of pairs": round(
            statistics.median(fast / slow for slow, fast in zip(uncached, cached, strict=True)), 3
        ),
    }


def _toggle(page: Page, address: str, toggles: int, depth: int) -> tuple[list[float], list[float]]:
    times: tuple[list[float], list[float]] = ([], [])
    for seed in range(toggles + 1):
        page.goto(f"{address}?part=profile&depth={depth}&seeds=1&seed={seed}")
        page.wait_for_selector(".js-plotly-plot .main-svg", state="attached", timeout=90_000)
        page.wait_for_selector(IDLE)
        for kind in times:
            page.evaluate(WATCH)
            page.locator(".st-key-bn label").click()
            milliseconds = page.evaluate(PATIENCE)
            page.wait_for_selector(IDLE)
            if seed > 0:  # the first turn loads torch and the data
                kind.append(milliseconds)
    return times


def _summary(times: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    return {"p50": round(statistics.median(times), 1), "p95": round(cuts[18], 1), "n": len(times)}


def start(port: int) -> subprocess.Popen[bytes]:
    """A server that has just become healthy."""
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "app.py",
        f"--server.port={port}",
        "--server.address=127.0.0.1",
    ]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait(f"http://127.0.0.1:{port}/_stcore/health")
    return server


def wait(address: str) -> None:
    """Until somebody answers there."""
    for _ in range(1200):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(address)


def free_port() -> int:
    """One that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    main()
