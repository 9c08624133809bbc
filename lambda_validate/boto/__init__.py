"""Validate the calls of the AWS SDK for Python: `detach = attach(client)`. Needs botocore.

Input: the events that botocore emits for each call. Output: nothing if the call is valid; else an
`InvalidParametersError`, or a line in the log.

    before-parameter-build   CallChecker.values    the parameters, as Python values
    before-call              CallChecker.wire      the path, query and bytes that are about to be sent
    before-parse             CallChecker.answer    the bytes of the response

So a request is validated twice. The first check also works with a Stubber and for presigned URLs.

Calls of Lambda are validated by an edition, `"current"` by default. If the client's botocore is newer than that, what
only its model allows is a warning. Calls of any other service are validated by the model of its client: the parameters
of requests, and successful responses if the protocol is JSON. The bytes of their requests are not validated. The model
of an operation is converted to a schema at the first call.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from ..base import extras
from ..catalog import TODAY, Catalog
from ..catalog.bundle import SchemaError
from ..catalog.newer import beyond
from ..http import Boundary, Limits, boundary
from ..http.events import Mode, OnCheck, mode
from ..validator import Validator

extras.check(["botocore"], "boto")

import botocore  # noqa: E402  # after the check, so that its one line is what a user sees

from .checks import HANDLERS, LAMBDA, CallChecker, InvalidParametersError  # noqa: E402  # as above

if TYPE_CHECKING:
    from typing import Unpack

    from ..http.settings import AttachSettings

__all__ = ["InvalidParametersError", "attach"]

SETTINGS = ("disable", "edition", "limits", "show_values", "strict", "unknown_members", "validator")
"""The settings of `boundary` that `attach` accepts."""

UNBOUNDED_SIZE = 1 << 62
UNBOUNDED = Limits(body=UNBOUNDED_SIZE, response=UNBOUNDED_SIZE, headers=UNBOUNDED_SIZE, target=UNBOUNDED_SIZE)
"""Limits only nesting. The SDK has the whole message in memory already, and services have their own limits."""

ID = "lambda-validate.{}"

SHOWING = (1, 35, 16)
"""The first version of botocore that emits an event before it parses a response."""

ATTACHED: WeakKeyDictionary[Any, object] = WeakKeyDictionary()
"""For each emitter, a token of the latest `attach`. Only the `detach` with this token removes the handlers. The token
refers to nothing, so that it keeps no client alive."""


def attach(
    target: Any,
    requests: Mode = "block",
    responses: Mode = "off",
    *,
    on_check: OnCheck | None = None,
    raise_after_success: bool = False,
    **settings: Unpack[AttachSettings],
) -> Callable[[], None]:
    """Validate the calls of a client, or of all clients that a session makes later. Return a function that stops it.

    `target` is a client, a resource or a session, of boto3, botocore or aiobotocore. For a session, the clients of all
    services that it makes from now on are validated.

    In mode `"block"`, an invalid message raises `InvalidParametersError`. A response to a call that may have changed
    something (any but GET and HEAD) raises only with `raise_after_success`. An error response raises no exception here,
    since botocore raises one. `on_check` is called with an `Event` for each check; it must not be a coroutine.

    If a target is attached again, the new settings replace the old ones. The returned function removes the handlers of
    its own call only. It does not change clients that a session has made before.

    `settings` are `edition`, `disable`, `strict`, `unknown_members`, `show_values`, `validator` and `limits`, as in
    `lambda_validate.http.boundary`. Without `limits`, only the depth of nesting is limited, not sizes. `edition` is for
    Lambda, `"current"` by default; a `Catalog` is for the client's service. Names in `disable` are rules of the
    client's service or, for a session, of Lambda; they apply to other services with a rule of that name.

    An invalid target, setting or callback raises `TypeError`, an unknown name `UnknownNameError`. Validating responses
    with a botocore older than 1.35.16 raises `RuntimeError`.
    """
    emitter = events(target)
    service = _client(target).meta.service_model if hasattr(target, "meta") else None
    modes = mode("requests", requests), mode("responses", responses)
    _fit(settings, on_check, responses)
    wires, services, disabled = _checkers(service, {"limits": UNBOUNDED, **settings})
    checker = CallChecker(wires, *modes, on_check, raise_after_success, services, disabled)
    _clear(emitter)
    _register(emitter, checker, *modes)
    ATTACHED[emitter] = token = object()
    return partial(_detach, emitter, token)


def _register(emitter: Any, checker: CallChecker, requests: Mode, responses: Mode) -> None:
    """Register the handlers of a checker as the last ones for their events.

    Other handlers, such as the user's, rename, add or convert parameters, and these changes must be validated too.
    """
    for event, method in HANDLERS.items():
        if (responses if method == "answer" else requests) != "off":
            emitter.register_last(event, getattr(checker, method), unique_id=ID.format(event))


def _fit(settings: Mapping[str, Any], on_check: Any, responses: Mode) -> None:
    """Raise an error for a setting that `attach` does not have, a wrong callback, or a botocore that is too old."""
    for name in settings.keys() - set(SETTINGS):
        raise TypeError(f"attach has no setting {name!r}; it has {', '.join(SETTINGS[:-1])} and {SETTINGS[-1]}")
    if on_check is not None and not callable(on_check):
        raise TypeError("on_check must be a function that takes an Event")
    if iscoroutinefunction(on_check) or iscoroutinefunction(type(on_check).__call__):
        raise TypeError("on_check must be a plain function, since a coroutine would never be awaited")
    if responses != "off" and not _shows_responses(botocore.__version__):
        needed = ".".join(map(str, SHOWING))
        raise RuntimeError(f"Validating responses needs botocore {needed} or newer; this is {botocore.__version__}.")


def _shows_responses(version: str) -> bool:
    numbers = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", version)
    # botocore's version cannot be parsed only if it is not a release, but a development version. Assume that it is new
    # enough.
    return numbers is None or tuple(int(number or 0) for number in numbers.groups()) >= SHOWING


def _checkers(
    service: Any, settings: Mapping[str, Any]
) -> tuple[Callable[[Any], Boundary], Callable[[Any], Validator], frozenset[str]]:  # fmt: skip
    """Return two functions and the ids of the rules to leave out for other services than Lambda.

    Both functions take the model of a client. The first returns the checker of HTTP messages for Lambda, the second the
    validator for any other service.
    """
    if service is None or service.service_name == LAMBDA:
        disable = settings.get("disable", ())
        disabled = frozenset([disable] if isinstance(disable, str) else disable)
        wire = boundary(unknown_route="pass", **{"edition": TODAY, **settings, "disable": disabled})
        plain = {name: settings[name] for name in ("unknown_members", "strict", "show_values") if name in settings}
        return partial(_newer, wire), lambda model: Validator(Catalog.from_service_model(model), **plain), disabled
    edition = settings.get("edition")
    catalog = edition if isinstance(edition, Catalog) else Catalog.from_service_model(service)
    own = boundary(unknown_route="pass", **{**settings, "edition": catalog}).validator
    return lambda _: boundary(), lambda _: own, frozenset()


def _newer(wire: Boundary, service: Any) -> Boundary:
    """Return the checker for Lambda, for which values that only the client's model allows are warnings, not errors."""
    known = wire.validator.catalog
    try:
        catalog = beyond(known, service)
    except SchemaError:  # a model that cannot be read has nothing beyond
        return wire
    return wire if catalog is known else wire._replace(validator=wire.validator.of(catalog))


def _detach(emitter: Any, token: object) -> None:
    if ATTACHED.get(emitter) is token:
        _clear(emitter)


def _clear(emitter: Any) -> None:
    for event in HANDLERS:
        emitter.unregister(event, unique_id=ID.format(event))


def events(target: Any) -> Any:
    """Return botocore's event emitter of a client, resource or session, where handlers are registered.

    Any other object raises `TypeError`.
    """
    found = None if isinstance(target, type) else _events(target)
    if not hasattr(found, "register_last"):
        raise TypeError("target must be a client, a resource or a session of boto3, botocore or aiobotocore")
    return found


def _events(target: Any) -> Any:
    if hasattr(target, "meta"):
        return getattr(getattr(_client(target), "meta", None), "events", None)
    if hasattr(target, "get_component"):
        return target.get_component("event_emitter")
    return getattr(target, "events", None)


def _client(target: Any) -> Any:
    return getattr(target.meta, "client", target)
