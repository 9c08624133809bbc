"""The pytest plugin: it runs a test with generated payloads (cases), and has fixtures that validate results.

    @pytest.mark.lambda_validate(operation="CreateEventSourceMapping")
    def test_the_handler_agrees_with_the_documents(lambda_case):
        assert handle(lambda_case.payload).ok is lambda_case.valid

A test, a class or a module can have the marker several times; the cases of all of them are run. `ARGUMENTS` lists its
arguments. `edition` is `"current"` by default. pytest imports this module at every start, so it imports nothing that is
not needed then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from .base.spelling import UnknownNameError

if TYPE_CHECKING:
    from .strategies import Case
    from .validator import Validator

MARKER, FIXTURE = "lambda_validate", "lambda_case"

ARGUMENTS: Mapping[str, str] = MappingProxyType(
    {
        "operation": 'the operation to generate payloads for, such as "CreateEventSourceMapping"',
        "direction": 'generate payloads of a "request" (the default) or a "response"',
        "valid": "True for valid payloads only, False for invalid payloads only; None (the default) for both",
        "rule": "the id of a rule: only payloads that are generated for this rule",
        "source": 'an event source, such as "sqs": only payloads for this event source',
        "minimal": "True (the default) for a minimal set of payloads, False for all payloads",
        "edition": 'the edition whose rules decide what is valid; "current" is the default',
    }
)
"""The arguments of the marker."""


class Wanted(NamedTuple):
    """The arguments of one `@pytest.mark.lambda_validate` marker."""

    operation: str
    direction: str = "request"
    valid: bool | None = None
    rule: str | None = None
    source: str | None = None
    minimal: bool = True
    edition: str = "current"


class CaseRun(NamedTuple):
    """A generated case as a parameter of a test, with the edition that it was generated from."""

    case: Case
    edition: str


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker `lambda_validate` with pytest."""
    taken = ", ".join(ARGUMENTS)
    config.addinivalue_line("markers", f"{MARKER}({taken}): run the test with each generated case, as {FIXTURE}")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each generated case. Fail if it has only the marker, or only the argument `lambda_case`."""
    markers = list(metafunc.definition.iter_markers(MARKER))
    if FIXTURE not in metafunc.fixturenames:
        if any(marker.name == MARKER for marker in metafunc.definition.own_markers):
            raise _refusal(metafunc.definition.nodeid, f"has the marker, but no argument {FIXTURE}")
        return
    if not markers:
        raise _refusal(
            metafunc.definition.nodeid, f"takes {FIXTURE}, but has no marker @pytest.mark.{MARKER}(operation=…)"
        )
    found = _of_markers(metafunc.definition.nodeid, reversed(markers))
    several = len({edition for edition, _ in found}) > 1
    runs = [CaseRun(case, edition) for (edition, _), case in found.items()]
    names = [f"{edition}/{name}" if several else name for edition, name in found]
    metafunc.parametrize(FIXTURE, runs, ids=names, indirect=True)


def _of_markers(test: str, markers: Iterable[pytest.Mark]) -> dict[tuple[str, str], Case]:
    """Return the generated cases that all markers of a test select, each case once, by edition and id."""
    from .strategies import GenerationError

    try:
        wanted = map(_wanted, markers)
        return {(selection.edition, case.id): case for selection in wanted for case in cases(selection)}
    except (LookupError, TypeError, GenerationError) as error:
        raise _refusal(test, str(error)) from None


def _refusal(test: str, why: str) -> BaseException:
    return pytest.fail.Exception(f"{test}: {MARKER}: {why}", pytrace=False)


def _wanted(marker: pytest.Mark) -> Wanted:
    if len(marker.args) > 1:
        raise TypeError("only the operation can be a positional argument")
    for name in marker.kwargs:
        if name not in ARGUMENTS:
            raise UnknownNameError("argument", name, ARGUMENTS)
    given = {**dict(zip(("operation",), marker.args, strict=False)), **marker.kwargs}
    if "operation" not in given:
        raise TypeError("an operation is needed, as in operation='CreateEventSourceMapping'")
    if not (given.get("valid") is None or isinstance(given["valid"], bool)):
        raise TypeError("valid must be True, False or None")
    if not isinstance(given.get("minimal", True), bool):
        raise TypeError("minimal must be True or False")
    return Wanted(**given)


def cases(wanted: Wanted) -> list[Case]:
    """Return the generated cases that the arguments of a marker select. If there are none, raise `LookupError`."""
    from . import catalog, strategies

    catalog.operation(wanted.operation, wanted.edition).schema(wanted.direction)
    if wanted.rule is not None:
        from .validator.rules import require

        require([wanted.rule], wanted.edition)
    every = strategies.corpus(
        wanted.operation, minimal=wanted.minimal, direction=wanted.direction, edition=wanted.edition
    )
    sources = {case.source: case.source for case in every if case.source is not None}
    if wanted.source is not None and wanted.source not in sources:
        raise UnknownNameError("source", wanted.source, sources)
    found = [case for case in every if all(fits(case, wanted) for fits in FITS)]
    if not found:
        raise LookupError(f"there is no such case of {wanted.operation}: {_arguments(wanted)}")
    return found


FITS: tuple[Callable[[Case, Wanted], bool], ...] = (
    lambda case, wanted: wanted.valid is None or case.valid is wanted.valid,
    lambda case, wanted: wanted.rule is None or case.rule == wanted.rule,
    lambda case, wanted: wanted.source is None or case.source == wanted.source,
)
"""The conditions that a case must satisfy, one for each argument of the marker."""


def _arguments(wanted: Wanted) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in wanted._asdict().items() if value is not None)


@pytest.fixture
def lambda_case(request: pytest.FixtureRequest) -> Case:
    """One generated case: `payload`, `valid`, `rule`, `pointer`, `source`, `id`. The payload is a fresh copy."""
    from copy import deepcopy

    case: Case = request.param.case
    return case._replace(payload=deepcopy(case.payload))


@pytest.fixture
def lambda_validator(request: pytest.FixtureRequest) -> Validator:
    """A validator for the edition of the current case, or else of the test's marker; `current` by default."""
    from .validator import Validator

    marker = request.node.get_closest_marker(MARKER)
    named = (
        Wanted._field_defaults["edition"]
        if marker is None
        else marker.kwargs.get("edition", Wanted._field_defaults["edition"])
    )
    callspec = getattr(request.node, "callspec", None)
    return Validator(callspec.params[FIXTURE].edition if callspec and FIXTURE in callspec.params else named)


@pytest.fixture(scope="session")
def lambda_requests() -> Any:
    """Hypothesis strategies of valid requests: `lambda_requests(operation, source=None)`, for `@given`."""
    from importlib.util import find_spec

    if find_spec("hypothesis") is None:
        pytest.fail("lambda_requests needs Hypothesis: pip install 'lambda-validate[fuzz]'", pytrace=False)
    from . import strategies

    return strategies.requests
