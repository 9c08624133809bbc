"""Validate requests and responses in front of an application, or at a gateway.

    asgi, wsgi     middleware: `app = Middleware(app)`
    envoy          a service that Envoy, Traefik and others ask about each request
    telemetry      metrics for OpenTelemetry

Each module only moves bytes between a protocol and `lambda_validate.http`, which validates them. Input: the messages of
the protocol, such as ASGI's `scope`. Output: the same messages or, for an invalid message in mode `"block"`, an error
response made here.

Terms: a message is *held* if no part of it is passed on before it is validated. It is *copied* if it is passed on at
once, and validated when it is complete. It *streams* if it has no rules but its size: it is passed on, and its bytes
are only counted.
"""
