"""The command `lambda-validate serve`: run the check service for gateways such as Envoy and Traefik.

    lambda-validate serve --port 9000 --grpc-port 9001 --unknown-route pass

`edition` is `"current"` by default, and requests with a path that no operation has are refused.
"""

from __future__ import annotations

from argparse import Namespace
from importlib.util import find_spec
from typing import IO, TYPE_CHECKING, Any

from ..base.extras import missing_message
from ..lint.control.selection import selected
from .arguments import OUTPUT, checking, matching
from .commands import CLEAN, UNUSABLE, CommandResult

if TYPE_CHECKING:
    from ..serve import ServicePlan
    from .parsing import Parser

COUNT = matching("[0-9]{1,9}", "a whole number above 0", int, bool)
PORT = matching("[0-9]{1,5}", "a port from 0 to 65535", int, range(65_536).__contains__)
SECONDS = matching(r"[0-9]{1,6}(\.[0-9]+)?", "a number of seconds", float)
MODE_CHOICES = ("block", "log", "off")
LIMIT_NAMES = {
    "body": "maximum size of a request's body in bytes", "response": "maximum size of a response's body in bytes",
    "depth": "maximum number of nested levels of JSON", "headers": "maximum number of headers",
    "target": "maximum size of path and query in bytes",
}  # fmt: skip
"""What each limit counts."""
EXTRAS = {"uvicorn": "serve", "httptools": "serve", "grpc": "envoy", "envoy": "envoy", "jinja2": "docs",
          "railroad": "docs"}  # fmt: skip
"""By module that may be missing, the extra that brings it."""


def add_arguments(parser: Parser) -> None:
    """Add the options of `serve` to a parser."""
    _add_addresses(parser.section("addresses").add_argument)
    _add_checks(parser.section("checks").add_argument)
    checking(parser)
    add = parser.section("limits").add_argument
    for name in LIMIT_NAMES:
        add(f"--max-{name}", type=COUNT, metavar="N", help=_limit(name))
    add("--max-connections", type=COUNT, default=2000, metavar="N",
        help="maximum number of open connections of each process (default: 2000)")  # fmt: skip
    _add_times(parser.section("times").add_argument)
    parser.section(OUTPUT).add_argument(
        "--access-log",
        choices=("all", "refused", "off"),
        default="all",
        help="which checked requests to log: all, those with errors (refused), or none (off) (default: all)",
    )


def _add_addresses(add: Any) -> None:
    add("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1, for this machine only)")
    add("--port", type=PORT, default=9000, metavar="PORT",
        help="the port for HTTP; 0 chooses a free one and prints it (default: 9000)")  # fmt: skip
    add("--grpc-port", type=PORT, metavar="PORT", help="the port for Envoy's ext_proc over gRPC (default: none)")
    add("--workers", type=COUNT, default=1, metavar="N", help="the number of processes that serve (default: 1)")
    add("--playground", action="store_true",
        help="also serve the reference pages at /docs/, with a form to check payloads")  # fmt: skip


def _add_checks(add: Any) -> None:
    add("--requests", choices=MODE_CHOICES, default="block", help="what to do with an invalid request (default: block)")
    add("--responses", choices=MODE_CHOICES, default="log",
        help="what to do with an invalid response; only ext_proc sends responses (default: log)")  # fmt: skip
    add("--unknown-route", choices=("deny", "pass"), default="deny",
        help="what to do with a request whose path no operation has (default: deny)")  # fmt: skip
    add("--rendering", choices=("service", "service-verbatim", "problem"), default="service",
        help="the form of the answer to a refused request: that of AWS Lambda (service), with its exact words and the "
        "values (service-verbatim), or RFC 9457 problem details (problem) (default: service)")  # fmt: skip
    add("--trust-forwarded", action="store_true",
        help="serve /forward-auth, and trust the headers X-Forwarded-Method and X-Forwarded-Uri there")  # fmt: skip


def _add_times(add: Any) -> None:
    add("--header-seconds", type=SECONDS, default=10.0, metavar="S",
        help="maximum time in seconds to receive a request's head (default: 10)")  # fmt: skip
    add("--read-seconds", type=SECONDS, default=10.0, metavar="S",
        help="maximum time in seconds to receive a request's body (default: 10)")  # fmt: skip
    add("--keep-alive", type=COUNT, default=120, metavar="S",
        help="time in seconds after which an idle connection is closed (default: 120)")  # fmt: skip
    add("--drain-seconds", type=SECONDS, default=0.0, metavar="S",
        help="time in seconds to continue serving after the signal to stop, while /readyz answers 503 "
        "(default: 0)")  # fmt: skip
    add("--grace-seconds", type=SECONDS, default=10.0, metavar="S",
        help="maximum time in seconds to finish requests in progress when serving stops (default: 10)")  # fmt: skip


def _limit(name: str) -> str:
    """Return the help of an option for a limit, such as `--max-body`, with its default."""
    from ..http import LIMITS
    from ..http.limits import Usual

    usual = getattr(LIMITS, name)
    whose = "the operation's own limit, or " if type(usual) is Usual else ""
    return f"{LIMIT_NAMES[name]} (default: {whose}{usual:,})"


def run(arguments: Namespace, stdin: IO[bytes], colour: bool) -> CommandResult:
    """Run the check service until a signal ends it."""
    from ..serve import Unservable

    if missing := _missing(arguments):
        extras = sorted({EXTRAS[name] for name in missing})
        return CommandResult((), [missing_message(missing, extras)], UNUSABLE)
    try:
        plan = _plan(arguments)
        from ..serve.server import run as start

        return CommandResult((), code=start(plan) or CLEAN)
    except Unservable as error:
        return CommandResult((), [str(error)], UNUSABLE)
    except ModuleNotFoundError as error:
        extra = EXTRAS.get((error.name or "").partition(".")[0])
        if extra is None:
            raise
        return CommandResult((), [missing_message([str(error.name)], [extra])], UNUSABLE)


def _missing(arguments: Namespace) -> list[str]:
    """Return the names of the modules that these arguments need and that are not installed."""
    wanted = {"serve": True, "envoy": arguments.grpc_port is not None, "docs": arguments.playground}
    return [name for name, extra in EXTRAS.items() if wanted[extra] and find_spec(name) is None]


def _plan(arguments: Namespace) -> ServicePlan:
    from ..serve import ServicePlan

    return ServicePlan(
        host=arguments.host,
        port=arguments.port,
        grpc_port=arguments.grpc_port,
        workers=arguments.workers,
        requests=arguments.requests,
        responses=arguments.responses,
        trust_forwarded=arguments.trust_forwarded,
        access_log=arguments.access_log,
        connections=arguments.max_connections,
        header_seconds=arguments.header_seconds,
        read_seconds=arguments.read_seconds,
        keep_alive=arguments.keep_alive,
        drain=arguments.drain_seconds,
        grace=arguments.grace_seconds,
        settings=_settings(arguments),
        playground=arguments.playground,
    )


def _settings(arguments: Namespace) -> dict[str, Any]:
    """Return the settings of `lambda_validate.http.boundary`. An unknown rule raises before the service starts."""
    from ..http import LIMITS as DEFAULT
    from ..http import boundary

    given = {name: getattr(arguments, f"max_{name}") for name in LIMIT_NAMES}
    limits = DEFAULT._replace(**{name: value for name, value in given.items() if value is not None})
    disable = selected(arguments).left_out(arguments.edition)
    settings = {
        "edition": arguments.edition, "limits": limits, "unknown_route": arguments.unknown_route,
        "rendering": arguments.rendering, "disable": disable, "strict": arguments.strict,
        "unknown_members": arguments.unknown_members, "show_values": arguments.show_values,
    }  # fmt: skip
    boundary(**settings)
    return settings
