"""Share Debian's Chromium, axe-core from npm and an instrumented page between browser tests."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, expect, sync_playwright

__all__ = ["axe", "browsers", "complaints", "expect", "seen"]

AXE = "axe-core@4"
HARD = ("moderate", "serious", "critical")


def chromium() -> str:
    """Return the path of Chromium. If it is missing, install Debian's package, which needs root."""
    found = shutil.which("chromium")
    if found is None:
        for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", "chromium"]):
            done = subprocess.run(command, capture_output=True, text=True, timeout=900)
            assert done.returncode == 0, f"no chromium here, and {' '.join(command)} failed: {done.stderr[-500:]}"
        found = shutil.which("chromium")
    assert found is not None, "Debian's package chromium is installed, but there is no such program"
    return found


def axe(folder: Path) -> str:
    """Return the source of axe-core, which npm installs into a folder."""
    npm = shutil.which("npm")
    assert npm is not None, "npm is not here, which brings axe-core"
    command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder), AXE]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"npm could not install {AXE}: {done.stderr[-500:]}"
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


class Seen(NamedTuple):
    """A page, its console messages, its errors, and its requests."""

    page: Page
    said: list[str]
    requested: list[str]

    def foreign(self, *own: str) -> list[str]:
        """Return the requested addresses that do not begin with one of the prefixes."""
        return [each for each in self.requested if not each.startswith((*own, "data:"))]


def seen(browser: Browser, **options: Any) -> Seen:
    """Return a new page, and record its events."""
    page = browser.new_context(**options).new_page()
    found = Seen(page, [], [])
    page.on("console", lambda message: found.said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: found.said.append(f"error: {error}"))
    page.on("request", lambda request: found.requested.append(request.url))
    page.on("requestfailed", lambda request: found.said.append(f"failed: {request.url}"))
    return found


def browsers() -> Iterator[Browser]:
    """Run a headless Chromium until the block ends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


def complaints(page: Page, source: str, impacts: Sequence[str] = HARD) -> list[str]:
    """Return the serious findings of axe-core: the rule, and the first elements that break it."""
    page.evaluate(source)
    found = page.evaluate("async () => (await axe.run()).violations")
    return [
        f"{each['id']}: {json.dumps([node['html'][:160] for node in each['nodes'][:3]])}"
        for each in found
        if each["impact"] in impacts
    ]
