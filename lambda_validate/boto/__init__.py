"""Checks in the AWS SDK for Python: `detach = attach(client)`. Needs botocore.

A request is validated twice: as Python values before botocore looks at them (also under a Stubber, and for presigned
URLs), and as the path, query and bytes that are about to leave. A response is validated by the bytes that came.

Lambda is validated by an edition; what the client's own model has beyond the edition `current` is a warning. Any other
service is validated by the model that its client has: the Python values of its requests, and its responses of success
where the protocol is JSON, but not what leaves. Of a model only what is used is converted, with the first call of each
operation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import botocore

from ..catalog import TODAY, Catalog
from ..catalog.bundle import SchemaError
from ..catalog.newer import beyond
from ..http import Boundary, Limits, boundary
from ..http.events import Mode, OnCheck, mode
from ..validator import Validator
from .checks import HANDLERS, LAMBDA, CallChecker, InvalidParametersError

if TYPE_CHECKING:
    from typing import Unpack

    from ..http.settings import AttachSettings

__all__ = ["InvalidParametersError", "attach"]

SETTINGS = ("disable", "edition", "limits", "show_values", "strict", "unknown_members", "validator")
"""Those of `boundary` that mean something here."""

ANY = 1 << 62
UNBOUNDED = Limits(body=ANY, response=ANY, headers=ANY, target=ANY)
"""What an SDK sends and gets is in its memory already, and each service has its own bounds. How deep it nests stays."""

ID = "lambda-validate.{}"

SHOWING = (1, 35, 16)
"""The first botocore that shows responses before it reads them."""

ATTACHED: WeakKeyDictionary[Any, object] = WeakKeyDictionary()
"""By what handlers are registered with, a token of the `attach` that did so last: its own detach alone takes it away.
The token holds nothing, so that nothing is kept alive."""


def attach(
    target: Any,
    requests: Mode = "block",
    responses: Mode = "off",
    *,
    on_check: OnCheck | None = None,
    raise_after_success: bool = False,
    **settings: Unpack[AttachSettings],
) -> Callable[[], None]:
    """Check the calls of a client, or of a session's later clients, and return what detaches.

    `target` is a client, a resource or a session, of boto3, botocore or aiobotocore; of a session, the clients of every
    service are checked that it makes from now on. In mode `"block"` a wrong message raises `InvalidParametersError`. A
    response to a call that has changed something, which is any but GET and HEAD, never does unless
    `raise_after_success`, nor one that is no success: botocore raises that itself, or tries again. A Stubber's own
    assertion on parameters comes before the check. `on_check` is called with an `Event` for each check; no coroutine.

    Attached again, the new settings replace the old. Detaching takes away what this call has attached, if that is still
    there. Clients that a session has made stay as they are; one that was attached to by itself is unchecked after.

    `settings` are `edition`, `disable`, `strict`, `unknown_members`, `show_values`, `validator` and `limits`, those of
    `lambda_validate.http.boundary`; but without `limits` no size is bounded, only how deep JSON nests. `edition` is for
    Lambda, `"current"` by default; a `Catalog` is for the client's service, whichever it is. A `validator` keeps its
    own edition. The names in `disable` are looked for in what the target is checked by: a session's are Lambda's, and
    apply to other services too where they have them.

    A wrong target, setting or callback raises `TypeError`, and a wrong name `UnknownNameError`. Checking responses with
    a botocore before 1.35.16 raises `RuntimeError`.
    """
    emitter = events(target)
    service = _client(target).meta.service_model if hasattr(target, "meta") else None
    modes = mode("requests", requests), mode("responses", responses)
    _fit(settings, on_check, responses)
    wires, services, disabled = _judges(service, {"limits": UNBOUNDED, **settings})
    checker = CallChecker(wires, *modes, on_check, raise_after_success, services, disabled)
    _clear(emitter)
    _register(emitter, checker, *modes)
    ATTACHED[emitter] = token = object()
    return partial(_detach, emitter, token)


def _register(emitter: Any, checker: CallChecker, requests: Mode, responses: Mode) -> None:
    """Call a checker last: what other handlers rename, fill in or convert is done by then."""
    for event, method in HANDLERS.items():
        if (responses if method == "answer" else requests) != "off":
            emitter.register_last(event, getattr(checker, method), unique_id=ID.format(event))


def _fit(settings: Mapping[str, Any], on_check: Any, responses: Mode) -> None:
    """Raise for settings that there are not, and for what could not be done."""
    for name in settings.keys() - set(SETTINGS):
        raise TypeError(f"attach has no setting {name!r}; it has {', '.join(SETTINGS[:-1])} and {SETTINGS[-1]}")
    if on_check is not None and not callable(on_check):
        raise TypeError("on_check must be a function that takes an Event")
    if iscoroutinefunction(on_check) or iscoroutinefunction(type(on_check).__call__):
        raise TypeError("on_check must be a plain function: nobody would await a coroutine")
    if responses != "off" and not _shows_responses(botocore.__version__):
        needed = ".".join(map(str, SHOWING))
        raise RuntimeError(f"Responses can be judged with botocore {needed} or newer; this is {botocore.__version__}.")


def _shows_responses(version: str) -> bool:
    numbers = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", version)
    # One that cannot be read is nobody's release: it is taken to be new.
    return numbers is None or tuple(int(each or 0) for each in numbers.groups()) >= SHOWING


def _judges(
    service: Any, settings: Mapping[str, Any]
) -> tuple[Callable[[Any], Boundary], Callable[[Any], Validator], frozenset[str]]:  # fmt: skip
    """What makes that which judges Lambda, and another service, by the client's model; and rules to leave out there."""
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
    """Return a boundary by which what the client's model has beyond the edition is a warning."""
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
    """Return what a client or session registers handlers with; a resource's are its client's. Else a `TypeError`."""
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
