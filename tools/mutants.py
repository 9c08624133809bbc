"""Change the code in one place at a time, run the tests of its area, and print the changes that no test fails for.

    python tools/mutants.py [--sample N] [--seed S] [--skip N] [--jobs J] [--module GLOB …]

`tests/mutants.toml` has the tests of each area, and the mutants that no test can fail for. The exit status is 1 where
fewer than 95 % of the others are caught. Cosmic Ray makes the mutants; its own command has no samples and no areas.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from queue import Queue
from threading import Lock
from typing import Any, NamedTuple

import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import MutationVisitor
from cosmic_ray.plugins import get_operator, operator_names

ROOT = Path(__file__).parent.parent
TABLE = tomllib.loads((ROOT / "tests/mutants.toml").read_text("utf-8"))
LEAST = 0.95
OUTCOMES = ("killed", "timeout", "survived", "equivalent")
MEMORY = 4 << 30  # a mutant may never stop to allocate
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["__main__", "hypothesis", "jsonschema", "regex", "yaml"])  # nothing of the package
UNCOPIED = shutil.ignore_patterns(".git", ".venv", ".tox", ".hypothesis", ".*_cache", "__pycache__", "*.egg-info")


class Mutant(NamedTuple):
    """One change: the n-th that an operator can make in a file."""

    area: str
    file: str
    operator: str
    occurrence: int
    number: int
    line: str

    def code(self) -> str:
        """Return the code of the file after the change."""
        text = (ROOT / self.file).read_text("utf-8")
        code: str = MutationVisitor.mutate_code(text, get_operator(f"core/{self.operator}")(), self.occurrence)
        return code

    def becomes(self) -> str:
        """Return what the line becomes."""
        return self.code().splitlines()[self.number - 1].strip()


def is_idle(node: Any) -> bool:
    """Return whether a node is never evaluated: part of an annotation, or the mark of parameters with names."""
    if node.parent is not None and node.parent.type == "parameters":
        return True
    while (parent := node.parent) is not None:
        before = parent.children[parent.children.index(node) - 1]
        if (parent.type, before) in (("annassign", ":"), ("tfpdef", ":"), ("funcdef", "->")):
            return True
        node = parent
    return False


def mutants(area: str, path: Path) -> Iterator[Mutant]:
    """Yield every mutant of a file."""
    text, file = path.read_text("utf-8"), str(path.relative_to(ROOT))
    nodes, lines = list(ast_nodes(get_ast(text))), text.splitlines()
    for name, kind in ((name, get_operator(name)) for name in operator_names()):
        if kind.arguments():
            continue
        places = ((node, start) for node in nodes for start, _ in kind().mutation_positions(node))
        for occurrence, (node, (number, _)) in enumerate(places):
            if not is_idle(node):
                yield Mutant(area, file, name.removeprefix("core/"), occurrence, number, lines[number - 1].strip())


def drawn(modules: list[str], size: int, seed: int) -> list[Mutant]:
    """Return a sample in which a change to one line of the code exchanges few mutants."""
    package = ROOT / "lambda_validate"
    files = [(area, path) for area in TABLE["areas"] for path in sorted(package.glob(area))]
    ranks, alike = dict[str, Mutant](), Counter[str]()
    for area, path in files:
        if any(path.relative_to(package).match(module) for module in modules):
            for mutant in mutants(area, path):
                name = f"{seed} {mutant.file} {mutant.operator} {mutant.line}"
                alike[name] += 1
                ranks[sha256(f"{name} {alike[name]}".encode()).hexdigest()] = mutant
    print(f"{len(ranks)} mutants; {min(size, len(ranks))} are drawn with seed {seed}", flush=True)
    return [ranks[rank] for rank in sorted(ranks)[:size]]


def run(stage: str, checkout: Path) -> None:
    """Run the tests of a stage in a copy of the checkout, in a process of their own, and leave with their status."""
    os.setsid()
    os.chdir(checkout)
    with open("output", "wb") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    os.environ |= {"PYTHONPATH": str(checkout), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    sys.path[0] = str(checkout)
    sys.exit(pytest.main(["-q", "-x", "-p", "no:cacheprovider", *stage.split()]))


def passes(stage: str, checkout: Path, timeout: float | None = None) -> bool:
    """Run the tests of a stage in a copy of the checkout, and return whether they pass."""
    process = FORKS.Process(target=run, args=(stage, checkout))
    process.start()
    process.join(timeout)
    if process.exitcode is not None:
        return process.exitcode == 0
    assert process.pid
    os.killpg(process.pid, signal.SIGKILL)
    process.join()
    raise TimeoutError(stage)


def copied(folder: Path) -> Path:
    """Return a copy of the checkout whose bytecode is chosen by what the source says, not by its date and size."""
    shutil.copytree(ROOT, folder, ignore=UNCOPIED)
    (folder / "lambda_validate/schemas").symlink_to("../schemas")
    options = ["-q", "--invalidation-mode", "checked-hash", "lambda_validate"]
    subprocess.run([sys.executable, "-m", "compileall", *options], cwd=folder, check=True)
    return folder


class Limits(dict[str, float]):
    """How many seconds each stage may take, given what it takes without a mutant: measured at its first use."""

    def __init__(self, checkout: Path) -> None:
        self.checkout, self.lock = checkout, Lock()

    def __missing__(self, stage: str) -> float:
        with self.lock:
            if stage not in self.keys():
                start = time.monotonic()
                if not passes(stage, self.checkout):
                    output = (self.checkout / "output").read_text("utf-8")
                    sys.exit(f"{stage}: tests fail without a mutant\n{output[-4000:]}")
                self[stage] = 5 * (time.monotonic() - start) + 30
            return self[stage]


def outcome(mutant: Mutant, limits: Limits, free: Queue[Path]) -> str:
    """Return one of `OUTCOMES`."""
    facts = {**mutant._asdict(), "becomes": mutant.becomes()}
    if any({**facts, **entry} == {**facts, "reason": entry["reason"]} for entry in TABLE.get("equivalent", ())):
        return "equivalent"
    checkout = free.get()
    target = checkout / mutant.file
    try:
        target.write_text(mutant.code(), "utf-8")
        for stage in TABLE["areas"][mutant.area]:
            if not passes(stage, checkout, limits[stage]):
                return "killed"
    except TimeoutError:
        return "timeout"
    finally:
        shutil.copyfile(ROOT / mutant.file, target)
        free.put(checkout)
    return "survived"


def results(sample: list[Mutant], jobs: int) -> dict[str, Counter[str]]:
    """Return how many mutants of each area have each outcome."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        first, free = copied(Path(folder, "0")), Queue[Path]()
        limits = Limits(first)
        for number in range(jobs):
            free.put(shutil.copytree(first, Path(folder, str(number + 1)), symlinks=True))
        for mutant, each in zip(sample, pool.map(lambda each: outcome(each, limits, free), sample), strict=True):
            counts[mutant.area][each] += 1
            change = f"\n    - {mutant.line}\n    + {mutant.becomes()}" if each == "survived" else ""
            print(f"{each:10} {mutant.file}:{mutant.number}: {mutant.operator}{change}", flush=True)
    return counts


def main() -> int:
    """Run the sample, and print a table by area."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sample", type=int, default=400, metavar="N", help="how many mutants (default: 400)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="another seed draws others (default: 1)")
    parser.add_argument("--skip", type=int, default=0, metavar="N", help="not the first of the sample: ran before")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="J", help="how many at once")
    parser.add_argument("--module", nargs="+", default=["*.py"], metavar="GLOB", help="only these, such as http/*.py")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    counts = results(drawn(options.module, options.sample, options.seed)[options.skip :], options.jobs)
    print(f"{'':20}", *(f"{each:>10}" for each in OUTCOMES), f"{'caught':>10}")
    for area, row in [*sorted(counts.items()), ("all", sum(counts.values(), Counter()))]:
        part = (row["killed"] + row["timeout"]) / max(row.total() - row["equivalent"], 1)
        print(f"{area:20}", *(f"{row[each]:10}" for each in OUTCOMES), f"{part:10.1%}")
    return int(part < LEAST)


if __name__ == "__main__":
    sys.exit(main())
