"""Validate the calls of the AWS SDK for Python: `detach = attach(client)`. Needs botocore.

Input: the events that botocore emits for each call. Output: nothing if the call is valid; else an
`InvalidParametersError`, or a line in the log.

    before-parameter-build   CallChecker.values    the parameters, as Python values
    before-call              CallChecker.wire      the path, query and bytes that are about to be sent
    before-parse             CallChecker.answer    the bytes of the response

So a request is validated twice. The first check also works with a Stubber and for presigned URLs.

Lambda is validated by an edition. What only the client's own model allows beyond the edition `current` is a warning.
Any other service is validated by the model of its client: the parameters of requests, and successful responses if the
protocol is JSON. The bytes of its requests are not validated. An operation of a model is converted at its first call.
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

ANY = 1 << 62
UNBOUNDED = Limits(body=ANY, response=ANY, headers=ANY, target=ANY)
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
    something (any but GET and HEAD) raises only with `raise_after_success`. A response that is not a success never
    raises here, since botocore does. `on_check` is called with an `Event` for each check; it must not be a coroutine.

    If a target is attached again, the new settings replace the old ones. The returned function removes the handlers of
    its own call only. It does not change clients that a session has made before.

    `settings` are `edition`, `disable`, `strict`, `unknown_members`, `show_values`, `validator` and `limits`, as in
    `lambda_validate.http.boundary`. Without `limits`, only nesting is limited, and no size. `edition` is for Lambda,
    `"current"` by default; a `Catalog` is for the client's service. Names in `disable` are rules of the client's
    service or, for a session, of Lambda; they apply to other services with a rule of that name.

    An invalid target, setting or callback raises `TypeError`, an unknown name `UnknownNameError`. Validating responses
    needs botocore 1.35.16, or raises `RuntimeError`.
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
    """Register the handlers of a checker as the last ones, since other handlers rename, add or convert parameters."""
    for event, method in HANDLERS.items():
        if (responses if method == "answer" else requests) != "off":
            emitter.register_last(event, getattr(checker, method), unique_id=ID.format(event))


def _fit(settings: Mapping[str, Any], on_check: Any, responses: Mode) -> None:
    """Raise an error for unknown settings, and for a callback or a version of botocore that cannot be used."""
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
    # A version that cannot be parsed is not a release. Assume that it is new.
    return numbers is None or tuple(int(number or 0) for number in numbers.groups()) >= SHOWING


def _checkers(
    service: Any, settings: Mapping[str, Any]
) -> tuple[Callable[[Any], Boundary], Callable[[Any], Validator], frozenset[str]]:  # fmt: skip
    """Return how to validate calls: two functions, and the rules to leave out for services other than Lambda.

    Both functions take the model of a client. The first returns the boundary for Lambda, the second the validator for
    any other service.
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
    """Return a boundary for Lambda in which values that only the client's model allows are warnings."""
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
    """Return the emitter of a client, resource or session, with which handlers are registered.

    Others raise `TypeError`.
    """
    found = None if isinstance(target, type) else _events(target)
    if not hasattr(found, "register_last"):
        raise TypeError("attach takes a client, a resource or a session of boto3, botocore or aiobotocore")
    return found


def _events(target: Any) -> Any:
    if hasattr(target, "meta"):
        return getattr(getattr(_client(target), "meta", None), "events", None)
    if hasattr(target, "get_component"):
        return target.get_component("event_emitter")
    return getattr(target, "events", None)


def _client(target: Any) -> Any:
    return getattr(target.meta, "client", target)
