"""Define the peers that validate payloads. Each is called as its documentation recommends, and prepared only once.

A builder imports its own package, so that a missing package is a gap in the table instead of an error.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import lambda_validate as lv

from . import forms
from .rounds import Engine, always, is_empty

OURS, PYTHON = "lambda-validate", "lambda-validate, pure Python"
Builder = Callable[[str, str], list[Engine]]

LEAN = "include_url=False, include_context=False, include_input=False"
LISTED = f"[(each['type'], each['loc'], each['msg']) for each in error.errors({LEAN})]"
SHARES = {"jsonschema": 500, "fastjsonschema": 2500, "openapi-core": 50, "botocore": 2500}


def ours(operation: str, direction: str) -> list[Engine]:
    return [Engine(OURS, f"check({operation!r}, p)", {"check": getattr(lv, f"is_valid_{direction}")})]


def our_report(operation: str, direction: str) -> list[Engine]:
    call = f"[(each.rule, each.pointer, each.message) for each in check({operation!r}, p).violations]"
    names = {"check": getattr(lv, f"validate_{direction}")}
    return [
        Engine(OURS, call, names, check_call=f"check({operation!r}, p).ok")
    ]  # warnings are listed, and do not reject


def rust_validator(schema: Any) -> Any:
    """Return a validator of jsonschema-rs with the linear pattern engine, which is slightly faster."""
    import jsonschema_rs

    return jsonschema_rs.validator_for(schema, pattern_options=jsonschema_rs.RegexOptions())


def rust(operation: str, direction: str) -> list[Engine]:
    validator = rust_validator(forms.BEST[operation, direction](forms.END["jsonschema-rs"]))
    return [Engine("jsonschema-rs", "valid(p)", {"valid": validator.is_valid})]


def rust_report(operation: str, direction: str) -> list[Engine]:
    validator = rust_validator(forms.TELLING[operation, direction](forms.END["jsonschema-rs"]))
    call = "[(each.schema_path[-1], each.instance_path, each.message) for each in errors(p)]"
    return [Engine("jsonschema-rs", call, {"errors": validator.iter_errors}, is_empty)]


def rust_forms(operation: str, direction: str) -> list[Engine]:
    """Return the schema in other forms, to show the effect of choosing the best one."""
    import jsonschema_rs

    telling = rust_validator(forms.TELLING[operation, direction](forms.END["jsonschema-rs"]))
    exported = jsonschema_rs.validator_for(lv.schema(operation, direction))
    return [
        Engine("jsonschema-rs, if/then", "valid(p)", {"valid": telling.is_valid}),
        Engine("jsonschema-rs, exported schema", "valid(p)", {"valid": exported.is_valid}),
    ]


def pydantic(operation: str, direction: str) -> list[Engine]:
    from . import with_pydantic

    both = (with_pydantic.WHOLE, with_pydantic.PLAIN)
    names = [{"validate": models[operation, direction].model_validate} for models in both]
    return _with_and_without("pydantic", "validate(p)", names)


def pydantic_report(operation: str, direction: str) -> list[Engine]:
    return [each._replace(otherwise=LISTED) for each in pydantic(operation, direction)]


def msgspec(operation: str, direction: str) -> list[Engine]:
    from msgspec import convert

    from . import with_msgspec

    both = (with_msgspec.WHOLE, with_msgspec.PLAIN)
    names = [{"convert": convert, "Kind": kinds[operation, direction]} for kinds in both]
    return _with_and_without("msgspec", "convert(p, Kind)", names)


def msgspec_report(operation: str, direction: str) -> list[Engine]:
    return [each._replace(otherwise="[str(error)]") for each in msgspec(operation, direction)]


def _with_and_without(name: str, call: str, names: list[dict[str, Any]]) -> list[Engine]:
    """Return an engine with a function for the rules that span members, and one without if they differ."""
    made = [
        Engine(each, call, space, always) for each, space in zip((name, f"{name}, members alone"), names, strict=True)
    ]
    return made if names[0] != names[1] else made[:1]


def botocore(operation: str, direction: str) -> list[Engine]:
    from botocore.session import get_session
    from botocore.validate import ParamValidator

    model = get_session().get_service_model("lambda").operation_model(operation)
    shape = model.input_shape if direction == "request" else model.output_shape
    names = {"validate": ParamValidator().validate, "shape": shape}
    return [Engine("botocore", "validate(p, shape).has_errors()", names, is_empty, share=SHARES["botocore"])]


def botocore_report(operation: str, direction: str) -> list[Engine]:
    call = "validate(p, shape).generate_report().splitlines()"
    return [each._replace(call=call) for each in botocore(operation, direction)]


def fast(operation: str, direction: str) -> list[Engine]:
    import fastjsonschema

    schema = forms.BEST[operation, direction](forms.END["fastjsonschema"])
    validate = fastjsonschema.compile(schema, use_default=False)
    share = SHARES["fastjsonschema"]
    return [Engine("fastjsonschema", "validate(p)", {"validate": validate}, always, share=share)]


def fast_report(operation: str, direction: str) -> list[Engine]:
    details = "[(error.rule, error.path, error.message)]"
    return [each._replace(otherwise=details) for each in fast(operation, direction)]


def plain(operation: str, direction: str) -> list[Engine]:
    import jsonschema

    validator = jsonschema.Draft7Validator(forms.BEST[operation, direction](forms.END["jsonschema"]))
    return [Engine("jsonschema", "valid(p)", {"valid": validator.is_valid}, share=SHARES["jsonschema"])]


def plain_report(operation: str, direction: str) -> list[Engine]:
    import jsonschema

    validator = jsonschema.Draft7Validator(forms.TELLING[operation, direction](forms.END["jsonschema"]))
    call = "[(each.validator, each.absolute_path, each.message) for each in errors(p)]"
    return [Engine("jsonschema", call, {"errors": validator.iter_errors}, is_empty, share=SHARES["jsonschema"])]


VERDICTS: tuple[Builder, ...] = (ours, rust, pydantic, msgspec, botocore, fast, plain)
EVERY_FORM: tuple[Builder, ...] = (ours, rust, rust_forms, pydantic, msgspec, botocore, fast, plain)
RESPONSES: tuple[Builder, ...] = (ours, rust, pydantic, msgspec, fast, plain)
"""botocore does not validate responses."""
REPORTS: tuple[Builder, ...] = (
    our_report, rust_report, pydantic_report, msgspec_report, botocore_report, fast_report, plain_report,
)  # fmt: skip


def loaded(name: str, builder: Builder, loads: Callable[[bytes], Any] = json.loads) -> Builder:
    """Return a builder whose first engine receives bytes, which `loads` parses."""

    def build(operation: str, direction: str) -> list[Engine]:
        engine = builder(operation, direction)[0]
        call = engine.call.replace("(p)", "(loads(p))")
        return [engine._replace(name=name, call=call, names={**engine.names, "loads": loads})]

    return build
