"""Make mistakes that a type checker reports, each in a line that says so."""

from starlette.applications import Starlette

import lambda_validate as lv
from lambda_validate.boto import attach
from lambda_validate.gateway.asgi import Middleware

app = Starlette()
app.add_middleware(Middleware, requests="blok")  # wrong
app.add_middleware(Middleware, request="block")  # wrong
app.add_middleware(Middleware, strict="yes")  # wrong
attach(object(), strickt=True)  # wrong
lv.validate_json("CreateEventSourceMapping", b"{}", "requst")  # wrong
lv.schema("CreateEventSourceMapping", "responses")  # wrong
lv.Validator(unknown_members="warn")  # wrong
violation = lv.validate_request("CreateEventSourceMapping", {}).violations[0]
first = violation[0]  # wrong
path, constraint, value = violation  # wrong
violation.count(1)  # wrong
