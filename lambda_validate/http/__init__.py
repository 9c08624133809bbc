"""Validate HTTP requests to, and responses from, the API. There is no I/O: the caller reads and sends the bytes.

Input: method, request target, headers and body, as bytes. Output: a `RequestCheck` with the operation, the decoded
parameters, a report and, if the request is invalid, a ready answer.
>>> from lambda_validate import http
>>> target = b"/2019-09-25/functions/my%20function/event-invoke-config"
>>> check = http.check_request("GET", target, [], b"")
>>> check.operation, dict(check.parameters), check.answer.status
('GetFunctionEventInvokeConfig', {'FunctionName': 'my function'}, 400)

The way of a request:

1. `routes` finds the operation by method and path. `readings` finds paths that another program may read differently.
2. `members` decodes the members in the path, the query and the headers. `headers` reads the few that matter.
3. `validator.json_body` parses the body, within the `limits`.
4. `Validator` validates all members together. `answers` makes an answer of the report.

`boundary` does these steps. `fast_path` does the same for well-formed requests only, and leaves all others to it.
`responses` handles responses, and `events` logs each check. Comments cite the RFC that a rule is from.

Terms: the *target* is path and query as they were sent. The *head* is everything before the body. A member is *sent* in
a place: path, query, header or body. A body *streams* if it is bytes of any kind, such as the payload of Invoke: it has
no rules but its size.
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
LARGEST, DEPTH = int(LIMITS.body), LIMITS.depth


def check_request(
    method: Any, raw_target: Any, headers: Any, body: Any, **settings: Unpack[CheckSettings]
) -> RequestCheck:
    """Validate a request. Return its violations, and the answer that refuses it, if any. A request never raises.

    `raw_target` is path and query as they were sent, still encoded. `headers` is a mapping or pairs. All of these are
    bytes or strings.

    `settings` are those of `boundary`:

    - `limits`, and `edition` (`"documents"` by default);
    - `unknown_route`: `"deny"`, the default, or `"pass"`;
    - `rendering`: `"service"`, the default; `"service-verbatim"`, which shows values; or `"problem"`;
    - `disable`, `strict`, `show_values` and so on, as of `Validator`; or a `validator`, which has its own edition.
    """
    return _boundary(**settings).check_request(method, raw_target, headers, body)


def check_response(
    operation: str, status: Any, headers: Any, body: Any, **settings: Unpack[CheckSettings]
) -> ResponseCheck:
    """Validate a response, including its exception. Return its violations, and the answer to send instead, if any.

    An unknown operation raises `UnknownNameError`. A response never raises. `settings` are those of `check_request`.
    `edition` is `"documents"` by default.
    """
    return _boundary(**settings).check_response(operation, status, headers, body)


def is_valid_body(operation: str, body: bytes | str, edition: str = "documents", limits: Limits = LIMITS) -> bool:
    """Return whether a body is strict JSON and valid, for an operation whose members are all in the body. It is fast.

    A body is bytes or a string. Anything else is invalid. `edition` is `"documents"` by default.
    """
    # Bytes with default limits go straight to the parser. The general way takes a quarter longer.
    if limits is LIMITS and type(body) is bytes and len(body) <= LARGEST:
        value = quick(body, DEPTH)
        if value is not UNREAD:
            return is_valid_request(operation, value, edition)
    value = _value(facts_of(operation, edition), body, limits)
    return value is not UNREAD and is_valid_request(operation, value, edition)


def _value(operation: Operation, body: Any, limits: Any) -> Any:
    """Return the value of a body, `UNREAD` if it cannot be parsed."""
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
    """Return a boundary. For the same settings it is made once, if they can be hashed."""
    limits = settings.get("limits", LIMITS)
    # A default limit equals a limit of the same size that the user sets, but has another type: so types are in the key.
    given = () if limits is LIMITS or not isinstance(limits, tuple) else tuple(map(type, limits))
    try:
        return _cached(given, **settings)
    except TypeError:  # a list of rules to disable, say
        return boundary(**settings)


@lru_cache(maxsize=64)
def _cached(given: tuple[type, ...], **settings: Any) -> Boundary:
    return boundary(**settings)
