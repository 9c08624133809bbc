"""Test the pytest plugin in separate pytest runs, and the example of the documentation."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
from support.paths import ROOT

from lambda_validate import strategies

pytest_plugins = ["pytester"]

CREATE, GET = "CreateEventSourceMapping", "GetFunctionEventInvokeConfig"
EXAMPLE = ROOT / "examples" / "pytest"
INSTALLED = any(each.name == "lambda_validate" for each in entry_points(group="pytest11"))
PLUGIN = () if INSTALLED else ("-p", "lambda_validate.pytest_plugin")
"""An installed plugin is loaded by its entry point. Loading it twice would be an error."""

HEAD = """import pytest

def mark(*operation, **more):
    return pytest.mark.lambda_validate(*operation, **{"edition": "documents", **more})

"""
"""The start of each test file: a marker that selects the edition `documents` by default."""


@pytest.fixture(scope="module")
def generated() -> None:
    """Generate cases before the first run, because pytester unloads the modules and caches of each run."""
    for name, direction in ((CREATE, "request"), (GET, "request"), (GET, "response")):
        strategies.corpus(name, direction=direction)


@pytest.fixture
def run(generated: None, pytester: pytest.Pytester) -> Any:
    def ran(source: str, *options: str) -> pytest.RunResult:
        pytester.makepyfile(HEAD + source)
        return pytester.runpytest_inprocess(*PLUGIN, "-p", "no:cacheprovider", "--strict-markers", *options)

    return ran


def names(**wanted: Any) -> list[str]:
    """Return the ids of the minimal cases of a request that match."""
    operation = wanted.pop("operation", GET)
    cases = strategies.corpus(operation)
    return [each.id for each in cases if all(getattr(each, key) == value for key, value in wanted.items())]


class TestMarker:
    def test_a_test_is_run_with_every_case_of_an_operation(self, run: Any):
        result = run(f"@mark(operation={CREATE!r})\ndef test(lambda_case):\n    assert lambda_case.payload is not 0")
        result.assert_outcomes(passed=len(names(operation=CREATE)), warnings=0)

    def test_the_ids_are_those_of_the_cases(self, run: Any):
        result = run(f"@mark(operation={GET!r})\ndef test(lambda_case): ...", "--collect-only", "-q")
        lines = [line.partition("[")[2][:-1] for line in result.outlines if "::test[" in line]
        assert lines == names()

    @pytest.mark.parametrize(
        ("arguments", "wanted"),
        [
            ("valid=True", {"valid": True}),
            ("valid=False", {"valid": False}),
            ("rule='function-name.length'", {"rule": "function-name.length"}),
            ("valid=False, source='sqs'", {"valid": False, "source": "sqs"}),
        ],
    )
    def test_marker_arguments_select_cases(self, run: Any, arguments: str, wanted: dict[str, Any]):
        result = run(f"@mark(operation={CREATE!r}, {arguments})\ndef test(lambda_case): ...")
        assert names(operation=CREATE, **wanted)
        result.assert_outcomes(passed=len(names(operation=CREATE, **wanted)))

    def test_the_operation_may_be_the_only_argument(self, run: Any):
        run(f"@mark({GET!r})\ndef test(lambda_case): ...").assert_outcomes(passed=len(names()))

    def test_a_response_has_cases_too(self, run: Any):
        run(
            f"@mark(operation={GET!r}, direction='response')\n"
            "def test(lambda_case, lambda_validator):\n"
            f"    assert lambda_validator.validate_response({GET!r}, lambda_case.payload).ok is lambda_case.valid"
        ).assert_outcomes(passed=len(strategies.corpus(GET, direction="response")))

    def test_minimal_false_runs_the_full_corpus(self, run: Any):
        result = run(f"@mark(operation={GET!r}, minimal=False, rule='qualifier.pattern')\ndef test(lambda_case): ...")
        every = [each for each in strategies.corpus(GET, minimal=False) if each.rule == "qualifier.pattern"]
        assert len(every) > len(names(rule="qualifier.pattern"))
        result.assert_outcomes(passed=len(every))

    def test_several_markers_give_the_cases_of_all_and_each_once(self, run: Any):
        result = run(
            f"pytestmark = mark(operation={GET!r}, valid=True)\n"
            f"@mark(operation={GET!r})\n"
            f"@mark(operation={CREATE!r}, rule='batch-size.sqs')\n"
            "def test(lambda_case): ...\n"
            "def test_without_cases(): ..."
        )
        result.assert_outcomes(passed=len(names()) + len(names(operation=CREATE, rule="batch-size.sqs")) + 1)

    def test_each_run_has_a_payload_of_its_own(self, run: Any):
        source = (
            f"CASES = mark(operation={CREATE!r}, rule='batch-size.sqs')\n"
            "def check(case):\n    assert case.payload.pop('FunctionName')\n"
            "@CASES\ndef test_one(lambda_case): check(lambda_case)\n"
            "@CASES\ndef test_two(lambda_case): check(lambda_case)\n"
        )
        run(source).assert_outcomes(passed=2 * len(names(operation=CREATE, rule="batch-size.sqs")))

    def test_the_marker_is_listed_by_pytest_markers(self, run: Any):
        run("", "--markers").stdout.fnmatch_lines(["*lambda_validate(operation, direction, valid, rule, *"])


MISTAKES = [
    ("@mark(operation='CreateEventSourceMaping')\ndef test(lambda_case): ...", "did you mean 'CreateEventSourceMapp"),
    (f"@mark(operation={GET!r}, edition='document')\ndef test(lambda_case): ...", "did you mean 'documents'?"),
    (f"@mark(operation={GET!r}, direction='requests')\ndef test(lambda_case): ...", "did you mean 'request'?"),
    (f"@mark(operation={GET!r}, rule='function-name.lenght')\ndef test(lambda_case): ...", "'function-name.length'?"),
    (f"@mark(operation={CREATE!r}, source='sq')\ndef test(lambda_case): ...", "did you mean 'sqs'?"),
    (
        f"@mark(operaton={GET!r})\ndef test(lambda_case): ...",
        "there is no argument 'operaton'; did you mean 'operation'",
    ),
    (f"@mark({GET!r}, 'request')\ndef test(lambda_case): ...", "only the operation can be a positional argument"),
    ("@mark()\ndef test(lambda_case): ...", "an operation is needed"),
    (f"@mark(operation={GET!r}, valid='yes')\ndef test(lambda_case): ...", "valid must be True, False or None"),
    (f"@mark(operation={GET!r}, rule='batch-size.sqs')\ndef test(lambda_case): ...", "there is no such case of Get"),
    (f"@mark(operation={GET!r})\ndef test(): ...", "has the marker, but no argument lambda_case"),
    ("def test(lambda_case): ...", "takes lambda_case, but has no marker"),
]


@pytest.mark.parametrize(("source", "why"), MISTAKES)
def test_an_invalid_marker_is_reported_at_collection(run: Any, source: str, why: str) -> None:
    result = run(source)
    result.assert_outcomes(errors=1)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert why in result.stdout.str()
    assert "Traceback" not in result.stdout.str()
    assert "During handling" not in result.stdout.str()
    assert "pytest_plugin.py" not in result.stdout.str()


class TestFixtures:
    def test_the_validator_is_of_the_edition_of_the_marker(self, run: Any):
        run("def test(lambda_validator):\n    assert lambda_validator.edition == 'current'").assert_outcomes(passed=1)

    def test_requests_are_drawn(self, run: Any):
        run(
            "from hypothesis import given, settings, HealthCheck\n"
            "def test(lambda_requests, lambda_validator):\n"
            "    @settings(max_examples=10, database=None)\n"
            f"    @given(lambda_requests({CREATE!r}, source='sqs'))\n"
            "    def check(payload):\n"
            f"        assert lambda_validator.is_valid_request({CREATE!r}, payload)\n"
            "        assert ':sqs:' in payload['EventSourceArn']\n"
            "    check()"
        ).assert_outcomes(passed=1)

    def test_requests_may_be_drawn_by_a_test_that_hypothesis_runs(self, run: Any):
        run(
            "from hypothesis import given, settings, strategies as st\n"
            "@settings(max_examples=10, database=None)\n"
            "@given(data=st.data())\n"
            "def test(lambda_requests, data):\n"
            f"    assert 'FunctionName' in data.draw(lambda_requests({CREATE!r}))\n"
        ).assert_outcomes(passed=1)

    def test_each_case_uses_the_edition_of_its_marker(self, run: Any):
        result = run(
            f"@pytest.mark.lambda_validate({GET!r}, valid=True, edition='documents')\n"
            f"@pytest.mark.lambda_validate({GET!r}, valid=True)\n"
            "def test(lambda_case, lambda_validator, request):\n"
            "    assert lambda_validator.edition in request.node.name\n"
            f"    assert lambda_validator.is_valid_request({GET!r}, lambda_case.payload)"
        )
        assert result.parseoutcomes()["passed"] > 2
        assert "failed" not in result.parseoutcomes()

    def test_a_missing_hypothesis_is_reported_by_lambda_requests(self, run: Any, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
        result = run("def test(lambda_requests): ...")
        result.assert_outcomes(errors=1)
        assert "pip install 'lambda-validate[fuzz]'" in result.stdout.str()


def test_the_plugin_imports_few_modules() -> None:
    program = (
        "import sys, pytest; before = set(sys.modules); import lambda_validate.pytest_plugin;"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    ours = {name.partition(".")[2] for name in done.stdout.split() if name.startswith("lambda_validate")}
    assert ours <= {
        "", "base", "base.spelling", "base.values", "base.version", "catalog", "catalog.bundle", "catalog.schema_files",
        "pytest_plugin", "report", "report.policy", "report.records", "validator",
    }  # fmt: skip
    assert not {"hypothesis", "jsonschema", "regex", "yaml"} & set(done.stdout.split())


class TestExample:
    @pytest.fixture
    def example(self, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Any:
        """Run a folder of the example in a separate process, because it has a module `handler`."""
        if not INSTALLED:
            monkeypatch.setenv("PYTHONPATH", str(EXAMPLE.parent.parent))

        def ran(folder: Path) -> pytest.RunResult:
            for file in folder.glob("*.py"):
                shutil.copy(file, pytester.path)
            return pytester.runpytest_subprocess(*PLUGIN, "-q", "-p", "no:cacheprovider", timeout=60)

        return ran

    def test_the_correct_example_handler_passes(self, example: Any):
        result = example(EXAMPLE)
        result.assert_outcomes(passed=len(names()) + len(names(valid=True)))

    def test_the_buggy_example_handler_fails_for_the_missing_rules(self, example: Any):
        result = example(EXAMPLE / "buggy")
        failed = {line.partition("/request/")[2].split("/")[0] for line in result.outlines if line.startswith("FAILED")}
        assert failed == {"function-name.length", "function-name.pattern", "qualifier.min-length"}
        assert result.parseoutcomes()["passed"] > 0

    def test_the_documented_output_is_real(self):
        text = (EXAMPLE / "README.md").read_text(encoding="utf-8")
        assert all((EXAMPLE / name).exists() for name in ("handler.py", "buggy/handler.py"))
        assert "@pytest.mark.lambda_validate" in text
