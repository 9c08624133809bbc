"""Compare every peer with both engines of this package in one run: one table of workloads and engines.

    python benchmarks/compare.py --page
    python benchmarks/compare.py [--quick] [--only WORKLOAD] [--rounds N] [--json FILE] [--markdown FILE] [--plots DIR]
    python benchmarks/compare.py --agree FILE FILE

`--page` writes the table into docs/explanation/performance.md. That takes less than eight minutes on two idle cores. A
workload is a row of `WORKLOADS` (calls in one process) or of `PROCESSES` (whole processes).

Compare ratios: each is the median of the ratios of its rounds. Each round gives every engine the same JSON strings, in
random order. The measure is the processor time of this process, or of whole processes (imports, linters). For servers
it is requests a second. The corpora of `lambda_validate.strategies` and of the tests show what an engine does not
enforce. This needs the extra `bench`. Missing peers are skipped and listed.

Exit status: 0 after measuring, even if targets are missed; 1 if two runs do not agree; 2 for a usage error.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Sequence
from compileall import compile_dir
from importlib import metadata
from pathlib import Path
from typing import Any

from peers import plots, table, workloads
from peers.processes import PROCESSES
from peers.workloads import WORKLOADS, Measured

ROUNDS, QUICK = 15, 5
PAGE = Path(__file__).parent.parent / "docs/explanation/performance.md"
BEGIN, END = "<!-- peers:begin -->\n", "<!-- peers:end -->\n"
PACKAGES = ("lambda-validate", "jsonschema", "jsonschema-rs", "fastjsonschema", "pydantic", "msgspec", "botocore",
            "openapi-core", "cfn-lint", "check-jsonschema", "uvicorn")  # fmt: skip
IDS = (*(each.id for each in WORKLOADS), *PROCESSES)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--quick", action="store_true", help="few rounds, and not what takes minutes")
    made.add_argument("--only", action="append", choices=IDS, metavar="WORKLOAD", help="one of " + ", ".join(IDS))
    made.add_argument("--rounds", type=rounds, help=f"of workloads in this process (default: {ROUNDS}, quick: {QUICK})")
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--json", type=Path, metavar="FILE")
    made.add_argument("--markdown", type=Path, metavar="FILE")
    made.add_argument("--page", action="store_true", help=f"write the table into {PAGE.name}")
    made.add_argument("--plots", type=Path, metavar="DIR")
    made.add_argument("--agree", nargs=2, type=Path, metavar="FILE", help="compare what --json has written in two runs")
    return made


def rounds(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError("at least one round")
    return int(text)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def measure(options: argparse.Namespace) -> tuple[list[Measured], dict[str, dict[str, str]]]:
    """Return the measurements, and what was skipped, and why."""
    found: list[Measured] = []
    skipped: dict[str, dict[str, str]] = {}
    for name in options.only or IDS:
        say(f"{name} …")
        why = left_out(name, options)
        if why:
            skipped[name] = {"": why}
        else:
            found.append(run(name, options))
            skipped |= {name: dict(found[-1].skipped)} if found[-1].skipped else {}
        for engine, reason in skipped.get(name, {}).items():
            say(f"{name}: skipped{' ' + engine if engine else ''}: {reason}")
    return found, skipped


def left_out(name: str, options: argparse.Namespace) -> str | None:
    process = PROCESSES.get(name)
    if process is None:
        return None
    if options.quick and not process.quick:
        return "it takes minutes, and --quick was asked for"
    if process.takes_minutes and not options.only:
        return "it takes minutes; --only measures it"
    return process.why_not()


def run(name: str, options: argparse.Namespace) -> Measured:
    if name in PROCESSES:
        process = PROCESSES[name]
        return process.run(process.quick if options.quick else process.rounds, options.seed)
    workload = next(each for each in WORKLOADS if each.id == name)
    return workloads.measured(workload, options.rounds or (QUICK if options.quick else ROUNDS), options.seed)


def machine() -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "load": load(),
        "packages": {name: metadata.version(name) for name in PACKAGES if installed(name)},
    }


def load() -> list[float]:
    return [round(each, 2) for each in os.getloadavg()] if hasattr(os, "getloadavg") else []


def installed(name: str) -> bool:
    return next(iter(metadata.distributions(name=name)), None) is not None


def read(path: Path) -> Any:
    """Return the content of a result file, or print an error and return None if the file is invalid."""
    try:
        run = json.loads(path.read_text("utf-8"))
        table.ratios(run)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        say(f"{path} is not what --json writes: {type(error).__name__}")
        return None
    return run


def compared(paths: Sequence[Path]) -> int:
    """Print where two runs differ by more than the tolerance."""
    runs = [read(path) for path in paths]
    if None in runs:
        return 2
    said = table.disagreements(*runs)
    print("\n".join(said) if said else f"all {len(table.ratios(runs[0]))} ratios agree within {table.ALLOWED:.0%}")
    return 1 if said else 0


def with_table(page: str, made: str) -> str:
    """Return a page with another table between its markers."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"{PAGE.name} has no place for the table")
    return f"{before}{begin}{made}{end}{after}"


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    if options.agree:
        return compared(options.agree)
    compile_dir(PAGE.parents[2] / "lambda_validate", quiet=1)  # as installers do
    before = machine()
    found, skipped = measure(options)
    rows = [row for each in found for row in table.rows(each)]
    print(table.text(rows))
    if options.json:
        facts = {**before, "load_after": machine()["load"]}
        options.json.write_text(
            json.dumps(table.as_json(rows, skipped, facts), indent=2, ensure_ascii=False) + "\n", "utf-8"
        )
    if options.markdown:
        options.markdown.write_text(table.markdown(rows), "utf-8")
    if options.page:
        PAGE.write_text(with_table(PAGE.read_text("utf-8"), table.markdown(rows)), "utf-8")
    if options.plots:
        plots.write(rows, options.plots)
    return 0


if __name__ == "__main__":
    sys.exit(main())
