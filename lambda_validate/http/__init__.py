"""Validate HTTP requests to, and responses from, the API. There is no I/O: the caller reads and sends the bytes.

Input: method, request target, headers and body, as bytes. Output: a `RequestCheck` with the operation, the decoded
parameters, a report and, if the request is invalid, a ready answer.
>>> from lambda_validate import http
>>> target = b"/2019-09-25/functions/my%20function/event-invoke-config"
>>> check = http.check_request("GET", target, [], b"")
>>> check.operation, dict(check.parameters), check.answer.status
('GetFunctionEventInvokeConfig', {'FunctionName': 'my function'}, 400)

How a request is validated:

1. `routes` finds the operation by method and path. `readings` lists the paths that other programs may make of this one.
2. `headers` picks the few headers that matter. `members` decodes the members in the path, the query and the headers.
3. `validator.json_body` parses the body, within the `limits`.
4. `Validator` validates all members together. `answers` makes an HTTP answer of the report.

`boundary` does these steps. For usual requests, `heads` does the first two by the native engine. `fast_path` does all
of them for well-formed requests only, and leaves all others to `boundary`. `responses` handles responses, and `events`
logs each check. Comments cite the RFC that a rule is from.

Terms: the *target* is path and query as they were sent. The *head* is everything before the body. A *member* is a
parameter of an operation, such as `FunctionName`. It is *sent* in a place: path, query, header or body. A body
*streams* if it is bytes of any kind, such as the payload of Invoke: it has no rules but its size. A *fault* is an error
in the form of a message, such as invalid JSON or a repeated header.
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
from .boundary import Boundary, boundary
from .headers import octets
from .heads import Head
from .limits import Limits, known_limits
from .settings import Rendering, UnknownRoute

if TYPE_CHECKING:
    from typing import Unpack

    from .settings import CheckSettings

__all__ = ["Answer", "Boundary", "Head", "Limits", "Rendering", "RequestCheck", "ResponseCheck", "UnknownRoute",
           "boundary", "check_request", "check_response", "is_valid_body"]  # fmt: skip

LIMITS = Limits()
MAX_BODY_BYTES, MAX_BODY_DEPTH = int(LIMITS.body), LIMITS.depth


def check_request(
    method: Any, raw_target: Any, headers: Any, body: Any, **settings: Unpack[CheckSettings]
) -> RequestCheck:
    """Validate an HTTP request. Return its violations and, if it is invalid, the HTTP answer that refuses it.

    No request makes this function raise, whatever its bytes are. `raw_target` is path and query as they were sent,
    still percent-encoded. `headers` is a mapping or pairs. All of these are bytes or strings.

    `settings` are those of `boundary`:

    - `limits`, the maximum sizes; and `edition`, the description of the API (`"documents"` by default);
    - `unknown_route`, for a path that no operation has: `"deny"`, the default, or `"pass"`;
    - `rendering`, the form of the answer: `"service"`, the default, as AWS Lambda answers; `"service-verbatim"`, which
      also shows values; or `"problem"`, problem details of RFC 9457;
    - `disable`, `strict`, `show_values` and so on, as of `Validator`; or a `validator`, which has its own edition.
    """
    return _boundary(**settings).check_request(method, raw_target, headers, body)


def check_response(
    operation: str, status: Any, headers: Any, body: Any, **settings: Unpack[CheckSettings]
) -> ResponseCheck:
    """Validate an HTTP response, success or error. Return its violations and, if invalid, an answer to send instead.

    An unknown operation raises `UnknownNameError`, but no response makes this function raise. `settings` are those of
    `check_request`. `edition` is `"documents"` by default.
    """
    return _boundary(**settings).check_response(operation, status, headers, body)


def is_valid_body(operation: str, body: bytes | str, edition: str = "documents", limits: Limits = LIMITS) -> bool:
    """Return whether a request's body is strict JSON and valid. Fast, for operations whose members are all in the body.

    A body is bytes or a string. Anything else is invalid. `edition` is `"documents"` by default.
    """
    # A body of type `bytes` goes straight to the parser if the limits are the defaults. The code after it,
    # which also handles bodies of other types and beyond the limits, takes a quarter longer.
    if limits is LIMITS and type(body) is bytes and len(body) <= MAX_BODY_BYTES:
        value = quick(body, MAX_BODY_DEPTH)
        if value is not UNREAD:
            return is_valid_request(operation, value, edition)
    value = _value(facts_of(operation, edition), body, limits)
    return value is not UNREAD and is_valid_request(operation, value, edition)


def _value(operation: Operation, body: Any, limits: Any) -> Any:
    """Return the parsed JSON value of a body; `UNREAD` if the body is too large or cannot be parsed."""
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
    """Return the `Boundary` for some settings. It is cached by the settings, unless one of them cannot be hashed."""
    if not settings:
        return _cached(())
    limits = settings.get("limits", LIMITS)
    # The cache must distinguish a default limit from the same number set by the user: an operation's own limit replaces
    # only a default. The two are equal but of different types, so the key of the cache contains the types.
    given = () if limits is LIMITS or not isinstance(limits, tuple) else tuple(map(type, limits))
    try:
        return _cached(given, **settings)
    except TypeError:  # a list of rules to disable, say
        return boundary(**settings)


@lru_cache(maxsize=64)
def _cached(given: tuple[type, ...], **settings: Any) -> Boundary:
    return boundary(**settings)
