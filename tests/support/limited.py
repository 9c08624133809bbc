"""Define targets and bodies of operations that have their own limits."""

from __future__ import annotations

from collections.abc import Callable

INVOKE = "/2015-03-31/functions/orders/invocations"
STREAM = "/2021-11-15/functions/orders/response-streaming-invocations"
ASYNC = "/2014-11-13/functions/orders/invoke-async"
CHANGE = "/2015-03-31/event-source-mappings/"
TAGS = "/2017-03-31/tags/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Aorders"

ROLE = b"arn:aws:iam::123456789012:role/orders"
UPLOADS: dict[str, tuple[str, str, Callable[[bytes], bytes]]] = {
    "CreateFunction": (
        "POST",
        "/2015-03-31/functions",
        lambda zipped: (
            b'{"FunctionName":"orders","Role":"%b","Runtime":"python3.13","Handler":"a.b","Code":'
            b'{"ZipFile":"%b"}}' % (ROLE, zipped)
        ),
    ),
    "UpdateFunctionCode": (
        "PUT",
        "/2015-03-31/functions/orders/code",
        lambda zipped: b'{"ZipFile":"%b"}' % zipped,
    ),
    "PublishLayerVersion": (
        "POST",
        "/2018-10-31/layers/orders/versions",
        lambda zipped: b'{"Content":{"ZipFile":"%b"}}' % zipped,
    ),
}
"""The method, target and body of requests with a Base64 package, by operation."""
