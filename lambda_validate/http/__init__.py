"""Requests to, and responses from, the API as they are on the wire, validated without any I/O.

>>> from lambda_validate import http
>>> target = b"/2019-09-25/functions/my%20function/event-invoke-config"
>>> check = http.check_request("GET", target, [], b"")
>>> check.operation, dict(check.parameters), check.answer.status
('GetFunctionEventInvokeConfig', {'FunctionName': 'my function'}, 400)
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .. import is_valid_request
from .. import operation as facts_of
from ..catalog import Operation
from ..validator.json_body import quick, read
from ..validator.json_parsers import UNREAD
from .answers import Answer, RequestCheck, ResponseCheck
from .boundary import Boundary, Head, boundary
from .headers import octets
from .limits import Limits, known_limits
from .settings import Rendering, UnknownRoute

if TYPE_CHECKING:
    from typing import Unpack

    from .settings import CheckSettings

__all__ = ["Answer", "Boundary", "Head", "Limits", "Rendering", "RequestCheck", "ResponseCheck", "UnknownRoute",
           "boundary", "check_request", "check_response", "is_valid_body"]  # fmt: skip

LIMITS = Limits()


def check_request(
    method: Any, raw_target: Any, headers: Any, body: Any, **settings: Unpack[CheckSettings]
) -> RequestCheck:
    """Return what is wrong with a request, and the answer that refuses it; never raises for a request, whatever it is.

    `raw_target` is path and query as they were sent, still encoded; `headers` is a mapping or pairs; bytes or texts.
    `settings` are those of `boundary`: `limits`, `edition` (`"documents"` by default), `unknown_route` (`"deny"`, the
    default, or `"pass"`), `rendering` (`"service"`, the default, `"service-verbatim"`, which shows values, or
    `"problem"`), and `disable`, `strict`, `show_values`… of `Validator`, or a `validator`, which keeps its own edition.
    """
    return _boundary(**settings).check_request(method, raw_target, headers, body)


def check_response(
    operation: str, status: Any, headers: Any, body: Any, **settings: Unpack[CheckSettings]
) -> ResponseCheck:
    """Return what is wrong with a response, its exception included, and what to answer in its place.

    An unknown operation raises `UnknownNameError`; a response never does. `settings` are those of `check_request`;
    `edition` is `"documents"` by default.
    """
    return _boundary(**settings).check_response(operation, status, headers, body)


def is_valid_body(operation: str, body: bytes | str, edition: str = "documents", limits: Limits = LIMITS) -> bool:
    """Return whether a body is strict JSON and valid, for an operation all of whose members travel in it; fast.

    A body is bytes or a string; anything else is not valid. `edition` is `"documents"` by default.
    """
    is_usual = limits is LIMITS and type(body) is bytes and len(body) <= limits.body
    value = quick(body, limits.depth) if is_usual else UNREAD  # type: ignore[arg-type]  # its type was just compared
    if value is UNREAD:
        value = _value(facts_of(operation, edition), body, limits)
    return value is not UNREAD and is_valid_request(operation, value, edition)


def _value(operation: Operation, body: Any, limits: Any) -> Any:
    """The value of a body, `UNREAD` where something is wrong with its text."""
    if type(limits) is not Limits:
        limits = known_limits(limits)
    try:
        content = octets(body)
    except Exception:  # a caller may pass any object
        return UNREAD
    if len(content) > limits.most("body", operation):
        return UNREAD
    value, faults = read(content, limits.depth)
    return UNREAD if faults else value


def _boundary(**settings: Any) -> Boundary:
    """A boundary, made once for settings that can be told apart."""
    limits = settings.get("limits", LIMITS)
    # A usual limit equals one that is given, but is of another type.
    given = () if limits is LIMITS or not isinstance(limits, tuple) else tuple(map(type, limits))
    try:
        return _cached(given, **settings)
    except TypeError:  # a list of rules to disable, say
        return boundary(**settings)


@lru_cache(maxsize=64)
def _cached(given: tuple[type, ...], **settings: Any) -> Boundary:
    return boundary(**settings)
