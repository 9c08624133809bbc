"""Test the edition `current`.

Its files are generated from the service model and the overlays, every operation works, and differences from the
documents are listed.
"""

from __future__ import annotations

import copy
import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from botocore.loaders import Loader
from jsonschema_specifications import REGISTRY
from support.paths import ROOT
from support.payload_cases import cases_of
from support.sampling import sampled

import lambda_validate as lv
from lambda_validate import catalog
from lambda_validate.catalog.bundle import SchemaError
from lambda_validate.catalog.models.edition import edition
from lambda_validate.compiler.assertions import ASSERTIONS

FOLDER, OVERLAYS, TOOL = ROOT / "schemas" / "current", ROOT / "schemas" / "overlays", ROOT / "tools" / "current.py"
FILES = sorted(path.name for path in FOLDER.glob("*.json") if path.name != "operations.json")
OPERATIONS = lv.operations("current")
DIRECTIONS = [(operation, direction) for operation in OPERATIONS for direction in catalog.DIRECTIONS]
SHARED = [(operation, direction) for operation in lv.operations() for direction in catalog.DIRECTIONS]
"""Operations of the documents, which `current` has too."""


def load(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


@cache
def vocabulary() -> jsonschema.Draft202012Validator:
    formats = jsonschema.FormatChecker(formats=())
    schema = load(ROOT / "schemas" / "vocabulary.json")
    return jsonschema.Draft202012Validator(schema, registry=REGISTRY, format_checker=formats)


# The files.


@pytest.mark.parametrize("name", sampled(FILES, 6, keep=["types.json"]))
def test_a_file_is_valid_against_our_vocabulary(name: str) -> None:
    assert [error.message for error in vocabulary().iter_errors(load(FOLDER / name))] == []


def test_every_operation_of_the_lambda_api_is_included() -> None:
    assert len(OPERATIONS) >= 91
    assert sorted([*(f"{each}.json" for each in OPERATIONS), "types.json"]) == FILES
    assert set(lv.operations()) < set(OPERATIONS)


@pytest.mark.parametrize("mode", ["report", "verdict"])
def test_every_direction_of_every_operation_compiles(mode: str) -> None:
    validator = lv.Validator("current")
    for operation, direction in DIRECTIONS:
        checker = validator.checker(operation, direction, mode)
        is_free = not lv.operation(operation, "current").schema(direction).get("type")
        assert mode == "verdict" or bool(checker.constraints) is not is_free


def test_only_responses_without_a_json_body_are_unconstrained() -> None:
    free = [each for each in DIRECTIONS if not lv.operation(each[0], "current").schema(each[1]).get("type")]
    assert {direction for _, direction in free} == {"response"}
    assert ("Invoke", "response") in free
    assert ("CreateFunction", "response") not in free


def test_using_one_operation_reads_no_other_schema() -> None:
    program = (
        "import lambda_validate as lv\n"
        "from lambda_validate.catalog import schema_files\n"
        "names, read = [], schema_files._bytes\n"
        "schema_files._bytes = lambda name: (names.append(name), read(name))[1]\n"
        "assert lv.is_valid_request('CreateAlias', {'FunctionName': 'f', 'Name': 'live', 'FunctionVersion': '1'},"
        " edition='current')\n"
        "print(*sorted(names))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert set(done.stdout.split()) == {"current/CreateAlias.json", "current/operations.json", "current/types.json"}


# How the files are generated.


@cache
def tool() -> Any:
    pytest.importorskip("botocore", reason="the service model comes with botocore, which the library does not need")
    spec = importlib.util.spec_from_file_location("tools_current", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def made() -> dict[str, str]:
    found: dict[str, str] = tool().files()
    return found


def overlays() -> dict[str, Any]:
    return {path.name: load(path) for path in OVERLAYS.glob("*.json")}


RECORDED = load(FOLDER / "operations.json")["model"]["botocore"]


@pytest.mark.e2e
def test_the_files_are_those_that_the_tool_makes_of_the_recorded_model(tmp_path: Path) -> None:
    """Install the recorded botocore into a separate folder, because boto3 pins the installed one to other versions."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check"]
    subprocess.run([*pip, "--target", tmp_path, f"botocore=={RECORDED}"], check=True, timeout=300)
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    for command in ([TOOL, "--check"], ["-m", "lambda_validate", "drift", "--output-format", "json"]):
        done = subprocess.run(
            [sys.executable, *command], env=environment, capture_output=True, text=True, timeout=120, cwd=ROOT
        )
        assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["made_from"] == found["installed"] == f"botocore {RECORDED}"
    assert found["drift"] == []


def test_the_edition_records_the_operations_and_the_version_of_its_model() -> None:
    assert load(FOLDER / "operations.json")["operations"] == list(OPERATIONS)
    assert re.fullmatch(r"\d+\.\d+\.\d+", RECORDED)
    assert json.loads(made()["operations.json"])["model"] == {"botocore": tool().botocore.__version__}


def test_the_same_model_makes_the_same_bytes_whatever_the_hash_seed() -> None:
    digest = "hashlib.sha256(''.join(k + v for k, v in files().items()).encode()).hexdigest()"
    program = f"import hashlib, sys; sys.path[:0] = [{str(TOOL.parent)!r}]; from current import files; print({digest})"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    here = hashlib.sha256("".join(k + v for k, v in made().items()).encode()).hexdigest()
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == here


def test_check_lists_the_files_that_would_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tool(), "TARGET", tmp_path)
    monkeypatch.setattr(tool(), "files", lambda: {"a.json": "{}\n", "b.json": "[]\n"})
    monkeypatch.setattr(sys, "argv", ["current.py", "--check"])
    (tmp_path / "b.json").write_text("{}\n")
    (tmp_path / "c.json").write_text("{}\n")
    assert tool().main() == 1
    assert capsys.readouterr().out.split() == ["a.json", "b.json", "c.json"]
    monkeypatch.setattr(sys, "argv", ["current.py"])
    assert tool().main() == 0
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.json": "{}\n", "b.json": "[]\n"}
    monkeypatch.setattr(sys, "argv", ["current.py", "--check"])
    assert tool().main() == 0


@pytest.mark.parametrize("arguments", [[], ["--check"]])
@pytest.mark.parametrize("installed", ["1.43.117", "1.44.7", "1.9.100"])
def test_the_tool_refuses_a_botocore_older_than_the_recorded_one(
    arguments: list[str], installed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older model lacks operations, which would be deleted."""
    monkeypatch.setattr(tool(), "TARGET", tmp_path)
    monkeypatch.setattr(tool(), "files", lambda: {"a.json": "{}\n"})
    monkeypatch.setattr(tool().botocore, "__version__", installed)
    monkeypatch.setattr(sys, "argv", ["current.py", *arguments])
    (tmp_path / "operations.json").write_text('{"model": {"botocore": "1.44.8"}}')
    with pytest.raises(SystemExit) as stopped:
        tool().main()
    assert stopped.value.code == (
        f"schemas/current is from botocore 1.44.8, and {installed} is installed; run: pip install --no-deps --target "
        "build/botocore botocore==1.44.8 && PYTHONPATH=build/botocore python tools/current.py"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["operations.json"]


@pytest.mark.parametrize("installed", ["1.44.8", "1.44.10", "1.100.0", "2.0.0"])
def test_the_tool_takes_the_recorded_botocore_or_a_newer_one(
    installed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool(), "TARGET", tmp_path)
    monkeypatch.setattr(tool(), "files", lambda: {"operations.json": "{}\n"})
    monkeypatch.setattr(tool().botocore, "__version__", installed)
    monkeypatch.setattr(sys, "argv", ["current.py"])
    (tmp_path / "operations.json").write_text('{"model": {"botocore": "1.44.8"}}')
    assert tool().main() == 0
    assert (tmp_path / "operations.json").read_text() == "{}\n"


MODEL = {
    "metadata": {"serviceId": "Toy", "apiVersion": "2020-01-01", "protocol": "rest-json"},
    "operations": {"Put": {"http": {"method": "PUT", "requestUri": "/"}, "input": {"shape": "PutRequest"}}},
    "shapes": {"PutRequest": {"type": "structure", "members": {"Name": {"shape": "Name"}}}, "Name": {"type": "string"}},
}


@pytest.mark.parametrize(
    ("overlay", "name"),
    [
        ({"Get.json": {"$defs": {}}}, "the operation Get"),
        ({"types.json": {"$defs": {"Nmae": {"maxLength": 3}}}}, "the type Nmae"),
        ({"Put.json": {"$defs": {"requests": {}}}}, "the type requests"),
        ({"Put.json": {"$defs": {"request": {"properties": {"Nmae": {}}}}}}, "Put's member Nmae"),
    ],
)
def test_an_overlay_of_an_unknown_name_is_rejected(overlay: dict[str, Any], name: str) -> None:
    with pytest.raises(SchemaError, match=f"there is an overlay for {name}, which does not exist"):
        edition("toy", MODEL, overlay)


def test_overlays_of_one_operation_are_joined() -> None:
    named = {"operations": ["Put"], "$defs": {"request": {"properties": {"Name": {"maxLength": 3}}}}}
    own = {"$defs": {"request": {"properties": {"Name": {"minLength": 1}}}}}
    document = edition("toy", MODEL, {"Put.json": own, "names.json": named})["Put.json"]
    assert document["$defs"]["request"]["properties"]["Name"].items() >= {"maxLength": 3, "minLength": 1}.items()


def test_two_overlays_of_one_operation_may_not_set_the_same_value() -> None:
    one = {"$defs": {"request": {"properties": {"Name": {"maxLength": 3}}}}}
    with pytest.raises(SchemaError, match="two overlays for Put set maxLength"):
        edition("toy", MODEL, {"Put.json": one, "names.json": {"operations": ["Put"], **one}})


def test_an_overlay_changes_its_type_wherever_that_is_used() -> None:
    document = edition("toy", MODEL, {"types.json": {"$defs": {"Name": {"maxLength": 3}}}})["Put.json"]
    assert document["$defs"]["Name"] == {"title": "a string", "type": "string", "maxLength": 3}


def test_an_overlay_with_an_unknown_type_is_rejected() -> None:
    invalid = {"Put.json": {"$defs": {"request": {"properties": {"Name": {"$ref": "#/$defs/Nmae"}}}}}}
    with pytest.raises(SchemaError, match="there is no type 'Nmae'"):
        edition("toy", MODEL, invalid)


def stated(schema: Any, evidence: bool = False) -> Iterator[tuple[str, bool]]:
    """Yield each rule of an overlay, and each type or limit that it adds, and whether it cites evidence."""
    if isinstance(schema, dict):
        evidence = evidence or "$comment" in schema or _cites(schema.get("x-source"))
        for rule in schema.get("x-rules", {}).values():
            yield rule["id"], evidence or _cites(rule.get("source"))
        for each in (*schema.get("allOf", ()), *(schema.get("x-warnings") or ())):  # null removes them
            for keyword in ({"$ref"} | ASSERTIONS.keys()) & each.keys():
                yield each.get("$ref", keyword), evidence or "$comment" in each or _cites(each.get("x-source"))
    for key, each in schema.items() if isinstance(schema, dict) else enumerate(schema):
        if isinstance(each, (dict, list)) and key != "x-rules":
            yield from stated(each, evidence)


def _cites(source: Any) -> bool:
    return source is not None and source.get("document") not in (None, "lambda-validate")


@pytest.mark.parametrize("name", sorted(path.name for path in OVERLAYS.glob("*.json")))
def test_every_rule_of_an_overlay_has_its_evidence(name: str) -> None:
    found = list(stated(load(OVERLAYS / name)))
    assert found
    assert [rule for rule, evidence in found if not evidence] == []


# What the documents do not contain.


def own(schema: dict[str, Any], name: str) -> bool:
    return not schema["properties"][name].get("$ref", "").endswith("/NewerMember")


@pytest.mark.parametrize(("operation", "direction"), SHARED)
def test_newer_members_are_those_in_current_but_not_in_documents(operation: str, direction: str) -> None:
    documents, current = (lv.operation(operation, each).schema(direction) for each in ("documents", "current"))
    documented = {name for name in documents["properties"] if own(documents, name)}
    assert documents["properties"].keys() - documented == current["properties"].keys() - documented
    assert documented <= current["properties"].keys()
    validator = getattr(lv.Validator(), f"validate_{direction}")
    for name in current["properties"]:
        rules = {each.rule for each in validator(operation, {name: None})}
        assert ("member.newer" in rules) is (name not in documented)
        assert "member.unknown" not in rules


def test_a_source_that_the_documents_lack_says_so() -> None:
    cases = [each for each in cases_of("current") if each.valid and each.topic == "event-source-arn-service"]
    reports = [lv.validate_request(each.operation, each.payload) for each in cases]
    messages = [each.message for report in reports for each in report if each.rule == "event-source-arn.service"]
    assert len(messages) == len(cases) == 3
    assert all("`current`" in message for message in messages)


def test_overlays_are_not_modified() -> None:
    before = overlays()
    given = copy.deepcopy(before)
    edition("current", tool().service_model(), given)
    assert given == before


TEXT_AS_TIME = "the example shows the time as text; on the wire it is a number of Unix seconds"
EXAMPLES_WITH_ERRORS = {
    ("DeleteEventSourceMapping", "last-modified.type"): TEXT_AS_TIME,
    ("GetEventSourceMapping", "last-modified.type"): TEXT_AS_TIME,
    ("GetFunctionEventInvokeConfig", "last-modified.type"): TEXT_AS_TIME,
    ("PutFunctionEventInvokeConfig", "last-modified.type"): TEXT_AS_TIME,
    ("UpdateEventSourceMapping", "last-modified.type"): TEXT_AS_TIME,
    ("UpdateEventSourceMapping", "uuid.min-length"): "the example has an abbreviation in place of the identifier",
}
"""Examples of the SDK that are no requests or responses of the current service, each with the reason."""


def test_sdk_examples_are_valid_except_for_listed_ones() -> None:
    operations = Loader().load_service_model("lambda", "examples-1")["examples"]
    validator, sides, checked = lv.Validator("current"), {"input": "request", "output": "response"}, 0
    found = set()
    for operation, examples in operations.items():
        for example in examples:
            for side in sides.keys() & example:
                checked += 1
                report = getattr(validator, f"validate_{sides[side]}")(operation, example[side])
                found |= {(operation, violation.rule) for violation in report}
    assert checked > 80
    assert found == EXAMPLES_WITH_ERRORS.keys()
