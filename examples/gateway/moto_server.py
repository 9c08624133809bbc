"""Emulate the errors of AWS: moto behind the middleware, which answers with the service's own messages.

    pip install -e '.[boto]' 'moto[awslambda,server]'
    python examples/gateway/moto_server.py 5000

A client with `endpoint_url="http://127.0.0.1:5000"` then gets the message of AWS for an invalid request:

    ValidationException: 1 validation error detected: Value 'x' at 'startingPosition' failed to satisfy constraint:
    Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]

`rendering="service-verbatim"` shows values, as AWS does. Do not use it if responses must not contain them.
"""

import sys

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

from lambda_validate.gateway.wsgi import Middleware

application = Middleware(DomainDispatcherApplication(create_backend_app), rendering="service-verbatim")

if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    run_simple("127.0.0.1", port, application, threaded=True)
