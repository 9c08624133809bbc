"""Measure whole processes: imports, linters, and servers under `wrk`."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import gateway
import lint

from lambda_validate.base.engines import VARIABLE

from . import forms, payloads
from .corpora import Gaps
from .engines import OURS, PYTHON
from .forms import CREATE
from .workloads import Measured

IMPORTS = {
    OURS: "lambda_validate",
    "jsonschema-rs": "jsonschema_rs",
    "fastjsonschema": "fastjsonschema",
    "jsonschema": "jsonschema",
    "pydantic": "pydantic",
    "msgspec": "msgspec",
    "botocore": "botocore.validate",
    "openapi-core": "openapi_core",
}
OUR_FIRST = "import lambda_validate as lv; lv.is_valid_request({operation!r}, {payload!r})"
FIRST = {
    OURS: OUR_FIRST,
    PYTHON: f"import os; os.environ[{VARIABLE!r}] = '1'; {OUR_FIRST}",
    "jsonschema-rs": "import jsonschema_rs as rs; "
    "rs.validator_for({rust!r}, pattern_options=rs.RegexOptions()).is_valid({payload!r})",
    "fastjsonschema": "import fastjsonschema; fastjsonschema.compile({fast!r}, use_default=False)({payload!r})",
    "jsonschema": "import jsonschema; jsonschema.Draft7Validator({plain!r}).is_valid({payload!r})",
}
"""The programs that are measured from start-up to a verdict."""
BARE = "bare application"
TRIES = 3
"""How often a round starts each interpreter."""


class Ended(NamedTuple):
    """A process: processor milliseconds, exit status and output."""

    cpu: float
    code: int
    output: str


def ended(*command: str, folder: Path | None = None) -> Ended:
    """Run a command to its end. Processor time excludes other processes of the machine, unlike wall-clock time."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        spent = (usage.ru_utime + usage.ru_stime) * 1e3
        return Ended(spent, process.returncode, output.read().decode(errors="replace"))


def cpu(code: str) -> float:
    """Return the processor milliseconds that an interpreter takes to run code."""
    run = ended(sys.executable, "-c", code)
    if run.code:
        raise SystemExit(f"this failed: {code}\n{run.output}")
    return run.cpu


def over_bare(codes: dict[str, str], rounds: int, seed: int) -> dict[str, list[float]]:
    """Return the time of each code minus that of a bare interpreter, for each round. The first round fills caches.

    Each round counts the minimum of a few tries, because other processes disturb times of ten milliseconds.
    """
    samples: dict[str, list[float]] = {name: [] for name in codes}
    chance = random.Random(seed)
    for number in range(rounds + 1):
        took = {
            name: min(cpu(code) for _ in range(TRIES))
            for name, code in chance.sample([*codes.items(), ("", "pass")], len(codes) + 1)
        }
        for name in codes if number else ():
            samples[name].append(took[name] - took[""])
    return samples


def present(names: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Split engines into installed ones and missing ones."""
    modules = {**IMPORTS, PYTHON: IMPORTS[OURS]}
    here = [name for name in names if importlib.util.find_spec(modules[name].split(".")[0])]
    return {name: names[name] for name in here}, {name: "not installed" for name in names if name not in here}


def imports(rounds: int, seed: int) -> Measured:
    found, missing = present({name: f"import {module}" for name, module in IMPORTS.items()})
    samples = over_bare(found, rounds, seed)
    return Measured(
        "import", "import, whole processes", "ms over a bare interpreter", samples, calls=found, skipped=missing
    )


def first(rounds: int, seed: int) -> Measured:
    payload = payloads.distinct(random.Random(seed), 1)[0]
    names = {"rust": "jsonschema-rs", "fast": "fastjsonschema", "plain": "jsonschema"}
    schema = {short: forms.branches(forms.END[name]) for short, name in names.items()}
    found, missing = present(FIRST)
    codes = {name: code.format(operation=CREATE, payload=payload, **schema) for name, code in found.items()}
    title = "import and first verdict, whole processes"
    samples = over_bare(codes, rounds, seed)
    return Measured("first", title, "ms over a bare interpreter", samples, calls=found, skipped=missing)


class Installed(lint.Bench):
    """The folders and commands of linting, with the installed programs."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.ours, self.check_jsonschema, self.cfn_lint = map(command, (OURS, "check-jsonschema", "cfn-lint"))
        (scratch / "schema.json").write_text(json.dumps(lint.schema()))

    def commands(self) -> dict[str, list[str]]:
        check = [str(self.check_jsonschema), "--schemafile", str(self.scratch / "schema.json")]
        return {OURS: [str(self.ours), "lint"], "check-jsonschema": check, "cfn-lint": [str(self.cfn_lint)]}

    def copied(self, count: int) -> list[str]:
        """Write this many copies of the template, and return their names."""
        folder = self.folder(f"copies-{count}")
        names = [f"{folder.name}/{number:05}.yaml" for number in range(count)]
        for name in names:
            (self.scratch / name).write_text(lint.TEMPLATE)
        return names


def command(name: str) -> Path:
    return Path(sys.executable).with_name(name)


FOUND = {OURS: 1, "check-jsonschema": 1, "cfn-lint": 2}
"""The exit status of each linter for a template with errors."""


def linted(count: int, rounds: int, seed: int) -> Measured:
    """Lint this many files that each contain a template with faults."""
    samples: dict[str, list[float]] = {}
    chance, gaps = random.Random(seed), {}
    with tempfile.TemporaryDirectory(prefix="lambda-validate-") as scratch:
        bench = Installed(Path(scratch))
        found = {name: each for name, each in bench.commands().items() if Path(each[0]).exists()}
        names = bench.copied(count)
        for _ in range(rounds):
            for name, each in chance.sample([*found.items()], len(found)):
                run = ended(*each, *names, folder=bench.scratch)
                if run.code != FOUND[name]:  # all faults must be found, or the figures have no meaning
                    raise SystemExit(f"{name} ended with {run.code}: {run.output[:500]}")
                samples.setdefault(name, []).append(run.cpu)
        if {OURS, "cfn-lint"} <= found.keys():
            counts = lint.planted(bench)
            gaps = {name: planted(counts[name], counts["planted"]) for name in (OURS, "cfn-lint")}
    missing = {name: "not installed" for name in FOUND if name not in found}
    title = f"lint {count:,} file{'s' * (count > 1)}, whole processes"
    calls = {name: " ".join([Path(each[0]).name, *each[1:2]]) for name, each in found.items()}
    return Measured(f"lint-{count}", title, "ms of the processor", samples, gaps, calls=calls, skipped=missing)


def planted(found: int, total: int) -> Gaps:
    """Return the violations of a template that a linter does not report. Each breaks a different rule."""
    return Gaps({f"planted {number}": (int(number >= found), 1) for number in range(total)}, ())


APPS = {OURS: "gateway:checked", BARE: "gateway:bare", "json + jsonschema-rs, by hand": "peers.apps:rust",
        "pydantic, by hand": "peers.apps:pydantic"}  # fmt: skip


def served(rounds: int, seed: int) -> Measured:
    """Serve each application by uvicorn, and let `wrk` send distinct mappings to each in turn.

    The result is 1 ÷ requests a second.
    """
    chance = random.Random(seed)
    samples: dict[str, list[float]] = {name: [] for name in APPS}
    with ExitStack() as stack, tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(gateway.LUA)
        script.flush()
        targets = {app: stack.enter_context(uvicorn(path)) for app, path in APPS.items()}
        for number in range(rounds + 1):
            load = gateway.Load(Path(script.name), "create", seconds=3 if number else 1, connections=16)
            for app, target in chance.sample([*targets.items()], len(targets)):
                figure = gateway.measure(target, load)
                if number:
                    samples[app].append(1e6 / figure.rate)
    return Measured("asgi", "ASGI under wrk, one uvicorn worker", "µs a request", samples, calls=APPS)


@contextmanager
def uvicorn(app: str) -> Iterator[gateway.Target]:
    port = gateway.free_port()
    options = ["--no-access-log", "--lifespan", "off", "--http", "httptools", "--loop", "auto", "--log-level", "error"]
    with gateway.running([sys.executable, "-m", "uvicorn", "--port", port, *options, app], port) as target:
        yield target


def no_server() -> str | None:
    """Return why the server workload cannot run, or None."""
    if shutil.which("wrk") is None:
        return "wrk is not on the path (https://github.com/wg/wrk; a package of most systems)"
    missing = [name for name in ("uvicorn", "httptools") if importlib.util.find_spec(name) is None]
    return f"{missing[0]} is not installed" if missing else None


def no_linter() -> str | None:
    """Return why this package cannot lint, or None."""
    return None if command(OURS).exists() else f"{OURS} is not installed in this environment"


class Process(NamedTuple):
    """A workload of whole processes: its rounds, those of a quick run (0: none), and why it cannot run, if so.

    One that `takes_minutes` runs only if it is selected by name.
    """

    run: Callable[[int, int], Measured]
    rounds: int
    quick: int
    why_not: Callable[[], str | None] = lambda: None
    takes_minutes: bool = False


PROCESSES = {
    "asgi": Process(served, 5, 2, no_server),
    "lint-1": Process(partial(linted, 1), 7, 2, no_linter),
    "lint-200": Process(partial(linted, 200), 3, 1, no_linter),
    "lint-10000": Process(partial(linted, 10_000), 1, 0, no_linter, takes_minutes=True),
    "import": Process(imports, 7, 2),
    "first": Process(first, 7, 2),
}
