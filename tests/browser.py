"""A real browser for tests: the system's Chromium, driven by Playwright. No browser is ever downloaded.

Tests ask for ``page``: a fresh page that fails the test on a console error, a script error, a violation of the
content security policy, or a request to another host. They give the address of their site as the fixture ``site``.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WINDOW = {"width": 1280, "height": 900}
AXE = Path(__file__).parents[1] / "frontend/node_modules/axe-core/axe.min.js"
CUT = """[...document.querySelectorAll(".table")].filter(t => t.scrollWidth > t.clientWidth)
.map(t => `${t.ariaLabel || t.getAttribute("aria-labelledby")}: ${t.scrollWidth - t.clientWidth} px`)"""
"""Which tables show only a part of their columns."""
MISSING = "no Chromium found: apt-get install chromium"
RUN_AXE = "axe.run(%s).then(r => JSON.stringify(r.violations.map(v => [v.id, v.impact, v.nodes[0].html])))"
ALL_RULES = "document, {}"
CONTRAST = "document, {runOnly: ['color-contrast']}"
"""Of axe's rules the one whose answer hangs on the theme."""


def chromium() -> str | None:
    """Return the program of a browser, or None."""
    named = os.environ.get("POISE_CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def skip_or_fail(reason: str) -> None:
    """Skip with the reason; where skips are forbidden, fail."""
    if os.environ.get("POISE_NO_SKIP") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser():
    program = chromium()
    if not program:
        skip_or_fail(MISSING)
    driver = pytest.importorskip("playwright.sync_api")
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else [*FLAGS]
    with driver.sync_playwright() as play:
        started = play.chromium.launch(executable_path=program, args=flags)
        yield started
        started.close()


@contextmanager
def serving(app) -> Iterator[str]:
    """Serve an application on a free port of the loopback, and give its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


def _context(browser, site):
    made = browser.new_context(viewport=WINDOW, base_url=site)
    made.set_default_timeout(10_000)
    return made


@pytest.fixture
def context(browser, site):
    made = _context(browser, site)
    yield made
    made.close()


@pytest.fixture
def page(context, site):
    opened = context.new_page()
    bad: list[str] = []
    watch(opened, site, bad)
    yield opened
    assert not bad, bad


class Reader:
    """Reads screen after screen in one page, which is much faster than a new page for each."""

    def __init__(self, page, site: str) -> None:
        self.page = page
        self._bad: list[str] = []
        watch(page, site, self._bad)

    def assert_holds(self, address: str) -> None:
        """Fail if a screen has an error, is not accessible in either theme, or scrolls sideways in a narrow window."""
        self._bad.clear()
        self.page.set_viewport_size(WINDOW)
        self.page.emulate_media(color_scheme="light")
        self.page.goto(address)
        self.page.wait_for_load_state("networkidle")
        assert axe(self.page) == [], "light"
        self.page.emulate_media(color_scheme="dark")
        assert axe(self.page, CONTRAST) == [], "dark"
        assert self.page.evaluate(CUT) == [], f"tables are cut at {WINDOW['width']} px"
        self.page.set_viewport_size({"width": 360, "height": 780})
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{wide} px too wide"
        assert not self._bad, self._bad


@pytest.fixture(scope="module")
def reader(browser, site):
    made = _context(browser, site)
    yield Reader(made.new_page(), site)
    made.close()


def watch(page, site: str, bad: list[str]) -> None:
    """Note in ``bad`` all that a page must never do."""
    page.on("console", lambda message: bad.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: bad.append(str(error)))
    own = (site, "data:", "blob:")
    page.on("request", lambda r: None if r.url.startswith(own) else bad.append(f"outside request {r.url}"))


def axe(page, rules: str = ALL_RULES) -> list[list[str]]:
    """Return serious and critical findings of axe. It runs through the debugger: the page's policy stays in force."""
    if not AXE.exists():
        skip_or_fail("axe-core is not installed: npm ci in frontend")
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    asked = {"expression": RUN_AXE % rules, "awaitPromise": True, "returnByValue": True}
    answer = session.send("Runtime.evaluate", asked)
    session.detach()
    return [found for found in json.loads(answer["result"]["value"]) if found[1] in ("serious", "critical")]


def pytest_report_header() -> str:
    return f"browser: {chromium() or MISSING}"
