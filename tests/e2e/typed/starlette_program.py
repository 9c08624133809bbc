"""Add the middleware to a Starlette application, in a program that type checkers accept."""

from starlette.applications import Starlette
from starlette.middleware import Middleware as Declared

from lambda_validate.gateway.asgi import Middleware
from lambda_validate.http import Limits
from lambda_validate.http.events import Event


def seen(event: Event) -> None:
    """Print an event."""
    print(event.operation, event.outcome)


app = Starlette()
app.add_middleware(Middleware)
app.add_middleware(Middleware, requests="block")
app.add_middleware(
    Middleware, requests="log", responses="log", on_check=seen, edition="documents", disable=["batch-size.sqs"],
    strict=True, unknown_members="ignore", show_values=True, rendering="problem", limits=Limits(depth=8),
)  # fmt: skip
other = Starlette(middleware=[Declared(Middleware, requests="block", responses="log")])
wrapped = Middleware(other, unknown_route="deny", read_seconds=5.0)
