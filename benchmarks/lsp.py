"""Measure the language server, and compare each figure with its target.

    python benchmarks/lsp.py [--rounds N] [--json]

This needs the extras `lsp` and `terraform`. Each change is another document of about 1,000 lines. `check` is the
processor time of one check. `shown` is how long a client on standard input and output waits for the findings of a
change, including the delay of the server. Measure that while the machine is idle.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from docs_texts import TEXTS
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from lambda_validate import settings
from lambda_validate.cli import COLLECTED
from lambda_validate.cli.table import EDITING
from lambda_validate.lsp.checks import DocumentChecker
from lambda_validate.lsp.projects import Projects
from lambda_validate.lsp.session import PAUSE

ROOT = Path(__file__).parent.parent
CHANGES, WARM = 100, 10
"""Changes in a round, and changes before these, which load modules and caches."""
TARGET = 100.0
"""The maximum milliseconds of a check, at the 99th percentile."""
ENDINGS = {"Terraform": ".tf", "CloudFormation, JSON": ".json"}


def prepared(folder: str) -> Namespace:
    """Return the arguments of the command, with the settings of a folder."""
    found = Namespace(config=None, no_config=False, show_values=False, sdk_model=False, gitignore=False)
    settings.fill(found, {}, EDITING, folder)
    return found


def checks(kind: str, rounds: int, folder: Path) -> list[float]:
    """Return the sorted processor milliseconds of each check."""
    make, projects, times = TEXTS[kind][0], Projects(prepared), []
    path = str(folder / f"a{ENDINGS.get(kind, '.yaml')}")
    for number in range(WARM + CHANGES * rounds):
        text, started = make(number), time.process_time()
        found = DocumentChecker(projects.of(str(folder)), {}).check(path, text)
        times.append((time.process_time() - started) * 1000)
        assert found.marks
    return sorted(times[WARM:])


async def shown(kind: str, rounds: int, folder: Path) -> list[float]:
    """Return the sorted milliseconds that a client waited for the findings of each change."""
    client, news = LanguageClient("benchmark", "1"), asyncio.Queue[types.PublishDiagnosticsParams]()
    client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: news.put_nowait(params))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    await client.start_io(sys.executable, "-m", "lambda_validate", "lsp", cwd=folder, env=environment)
    await client.initialize_async(types.InitializeParams(types.ClientCapabilities(), root_uri=folder.as_uri()))
    client.initialized(types.InitializedParams())
    uri = (folder / f"a{ENDINGS.get(kind, '.yaml')}").as_uri()
    item = types.TextDocumentItem(uri, "yaml", 0, "")
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    await news.get()
    times = []
    for number in range(1, WARM + CHANGES * rounds + 1):
        whole = types.TextDocumentContentChangeWholeDocument(TEXTS[kind][0](number))
        document, started = types.VersionedTextDocumentIdentifier(number, uri), time.perf_counter()
        client.text_document_did_change(types.DidChangeTextDocumentParams(document, [whole]))
        while (await news.get()).version != number:
            pass
        times.append((time.perf_counter() - started) * 1000)
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    return sorted(times[WARM:])


def measure(rounds: int) -> Iterator[tuple[str, float, float | None]]:
    """Yield the name of each figure, its milliseconds, and its maximum."""
    for kind in TEXTS:
        with tempfile.TemporaryDirectory(prefix="lambda-validate-") as folder:
            for what, times, target in (
                ("check, processor time", checks(kind, rounds, Path(folder)), TARGET),
                ("shown", asyncio.run(shown(kind, rounds, Path(folder))), None),
            ):
                yield f"{kind}: {what}, median", times[len(times) // 2], None
                yield f"{kind}: {what}, p99", times[int(len(times) * 0.99)], target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    gc.set_threshold(COLLECTED)  # as the command does
    figures = []
    for name, milliseconds, target in measure(options.rounds):
        figures.append({"name": name, "ms": round(milliseconds, 2), "target": target})
        if not options.json:
            missed = "" if target is None else f"   target {target:g}{'   MISSED' if milliseconds > target else ''}"
            print(f"{name:60} {milliseconds:8.1f} ms{missed}", flush=True)
    if options.json:
        print(json.dumps({"pause": PAUSE * 1000, "figures": figures}, indent=2))


if __name__ == "__main__":
    main()
