"""Test the schema files: they are well-formed and documented, and every validator reads them alike."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
import regex
from jsonschema_specifications import REGISTRY
from support.paths import ROOT
from support.transcription import MEMBERS, OURS

import lambda_validate as lv
from lambda_validate import catalog
from lambda_validate.catalog.formats import FORMATS
from lambda_validate.patterns.matching import whole

FOLDER = ROOT / "schemas"
TRANSCRIBED = ("documents",)
"""The editions that are written by hand. `test_current.py` tests the generated one."""
FILES = sorted(
    path.relative_to(FOLDER).as_posix()
    for edition in TRANSCRIBED
    for path in (FOLDER / edition).glob("*.json")
    if path.name != "operations.json"
)
DIRECTIONS = [
    (edition, operation, direction)
    for edition in TRANSCRIBED
    for operation in catalog.operations(edition)
    for direction in catalog.DIRECTIONS
]
TYPES = [(edition, name) for edition in TRANSCRIBED for name in catalog.types(edition)]

every_file = pytest.mark.parametrize("name", FILES)
every_direction = pytest.mark.parametrize(("edition", "operation", "direction"), DIRECTIONS)
either_strictness = pytest.mark.parametrize("strict", [False, True], ids=["lenient", "strict"])


def vocabulary() -> jsonschema.Draft202012Validator:
    schema = json.loads((FOLDER / "vocabulary.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema, registry=REGISTRY)


def load(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def completed(name: str) -> Any:
    """Return a file of an edition as it is used, with its overlay, its sources and its messages."""
    edition, _, file = name.partition("/")
    return catalog.find(edition).document(file)


def subschemas(schema: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Yield every subschema of a schema, with its path."""
    if isinstance(schema, dict):
        yield path, schema
        for keyword, value in schema.items():
            if keyword in ("properties", "$defs"):
                for name, each in value.items():
                    yield from subschemas(each, (*path, keyword, name))
            elif keyword in ("if", "then", "else", "not", "items", "additionalProperties"):
                yield from subschemas(value, (*path, keyword))
            elif keyword in ("allOf", "x-warnings"):
                for index, each in enumerate(value or ()):  # in an overlay, null removes them
                    yield from subschemas(each, (*path, keyword, str(index)))


def keywords(value: Any) -> Iterator[str]:
    """Yield every key of every object, except names of members and types."""
    for _, schema in subschemas(value):
        yield from schema


# Well formed.


def test_an_edition_has_a_folder_with_a_file_for_each_operation() -> None:
    folders = {path.name: path for path in FOLDER.iterdir() if path.is_dir() and not path.name.startswith("__")}
    assert folders.keys() == {*catalog.EDITIONS, "overlays"}
    for edition in catalog.EDITIONS:
        held = sorted(path.stem for path in folders[edition].iterdir())
        assert held == sorted([*catalog.operations(edition), "types", "operations"])


@every_file
def test_a_file_is_valid_against_the_metaschema_and_our_vocabulary(name: str) -> None:
    for schema in (load(name), completed(name)):
        jsonschema.Draft202012Validator.check_schema(schema)
        assert [error.message for error in vocabulary().iter_errors(schema)] == []


def test_our_vocabulary_is_a_metaschema_itself() -> None:
    jsonschema.Draft202012Validator.check_schema(vocabulary().schema)


@pytest.mark.parametrize(
    "invalid",
    [
        {"x-rule": {}},
        {"x-source": {}},
        {"x-source": {"document": "d"}},
        {"x-rules": {"minimum": {"id": "a.b", "source": {"section": "s"}}}},
        {"x-in": "cookie"},
        {"x-rules": {"minimum": {"id": "NoDot"}}},
        {"x-rules": {"minimum": {"id": "a.b", "message": "no full stop"}}},
        {"x-warnings": []},
        {"x-unknown-members": "error"},
        {"minimum": "1"},
    ],
    ids=str,
)
@pytest.mark.parametrize("place", ["", "properties", "allOf", "x-warnings"])
def test_our_vocabulary_rejects_misspelt_keywords_at_any_depth(invalid: dict[str, Any], place: str) -> None:
    around = {"": invalid, "properties": {"properties": {"M": invalid}}, "allOf": {"allOf": [invalid]}}
    assert not vocabulary().is_valid(around.get(place, {"x-warnings": [invalid]}))
    assert vocabulary().is_valid({"properties": {"M": {"x-in": "body"}}, "x-warnings": [{"not": {}}]})


@every_file
def test_every_file_has_its_own_id(name: str) -> None:
    file = load(name)
    assert file["$id"].endswith(f"/schemas/{name}")
    assert file["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert name.endswith("/types.json") or file["title"] == Path(name).stem


@every_file
def test_every_reference_resolves_to_a_type(name: str) -> None:
    folder = name.partition("/")[0]
    for _, schema in subschemas(load(name)):
        if "$ref" in schema:
            file, _, pointer = schema["$ref"].partition("#/$defs/")
            assert pointer in load(f"{folder}/{file}" if file else name)["$defs"]


# The hand-written files, which contain only what is needed.

OVERLAYS = sorted(path.relative_to(FOLDER).as_posix() for path in (FOLDER / "overlays").rglob("*.json"))
WORDING = json.loads((FOLDER / "wording.json").read_text(encoding="utf-8"))


def test_the_files_are_laid_out_as_the_tool_does() -> None:
    tool = FOLDER.parent / "tools" / "schema_format.py"
    done = subprocess.run([sys.executable, tool, "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@every_file
def test_documents_files_are_short_and_contain_only_documented_rules(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    for _, schema in subschemas(load(name)):
        assert not {"x-warnings", "x-unknown-members", "x-relation"} & schema.keys()
        assert not any(
            rule["id"] in OURS or "`" in rule.get("message", "") for rule in schema.get("x-rules", {}).values()
        )
        assert "NewerMember" not in schema.get("$ref", "")
        assert "document" not in schema.get("x-source", {})


@every_file
def test_an_overlay_changes_only_existing_members(name: str) -> None:
    overlay, stated = load(f"overlays/{name}"), load(name)
    assert overlay.keys() == {"$defs"}
    assert overlay["$defs"].keys() <= stated["$defs"].keys() | {"NewerMember"}
    for kind, patch in overlay["$defs"].items():
        own = stated["$defs"].get(kind, {}).get("properties", {})
        added = {member: each for member, each in patch.get("properties", {}).items() if member not in own}
        assert all(each["$ref"].endswith("/NewerMember") for each in added.values())


def rules_of(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from ((rule["id"], rule) for _, each in subschemas(load(name)) for rule in each.get("x-rules", {}).values()
                if "id" in rule)  # fmt: skip


def test_each_default_message_is_used_and_repeated_nowhere() -> None:
    found = [row for name in (*FILES, *OVERLAYS) for row in rules_of(name)]
    assert {rule for rule, row in found if "message" not in row} >= WORDING["rules"].keys()
    assert not [row for rule, row in found if row.get("message") == WORDING["rules"].get(rule, {}).get("message", "")]


def test_each_description_of_an_error_is_used_and_repeated_nowhere() -> None:
    errors = [load(f"documents/{name}.json")["x-operation"]["errors"] for name in catalog.operations("documents")]
    found = [(name, row.get("description")) for each in errors for name, row in each.items()]
    assert {name for name, words in found if words is None} == WORDING["errors"].keys()
    assert not [name for name, words in found if words == WORDING["errors"][name]]


# Documented.

SECTIONS = {"Request Syntax", "Request Body", "URI Request Parameters", "Response Elements"}
WHOLES = {"the request", "the response", "the request line"}
OWN_SECTIONS = {"Limits", "Observed behaviour of the service"}


@every_file
def test_every_source_names_a_documented_place_or_our_own_rules(name: str) -> None:
    cited = [(schema, schema["x-source"]) for _, schema in subschemas(completed(name)) if "x-source" in schema]
    cited += [
        (schema, rule["source"])
        for _, schema in subschemas(completed(name))
        for rule in schema.get("x-rules", {}).values()
        if "source" in rule
    ]
    for schema, source in cited:
        if source["document"] == "lambda-validate":
            assert source["section"] in OWN_SECTIONS
        else:
            assert source["document"] == Path(name).stem
            assert source["section"] in SECTIONS
            newer = schema.get("$ref", "").endswith("/NewerMember")  # cites a member that its document lacks
            documented = {row[3] for row in MEMBERS if (row[0], row[2]) == (source["document"], source["section"])}
            assert newer or source["member"] in documented | WHOLES


@every_direction
def test_every_constraint_has_a_source(edition: str, operation: str, direction: str) -> None:
    constraints = lv.Validator(edition).checker(operation, direction, "report").constraints
    assert constraints
    assert all(each.source.document in (operation, "lambda-validate") and all(each.source) for each in constraints)


@every_direction
def test_every_member_has_a_title_and_a_description(edition: str, operation: str, direction: str) -> None:
    schema = lv.operation(operation, edition).schema(direction)
    for path, each in subschemas(schema):
        if path and path[-2:-1] == ("properties",) and not {"then", "if", "x-warnings", "else", "$defs"} & set(path):
            target = schema["$defs"][each["$ref"].rpartition("/")[2]] if "$ref" in each else each
            assert (target | each)["title"]
            assert (target | each)["description"].endswith(".")


@pytest.mark.parametrize(("edition", "name"), TYPES)
def test_every_type_has_a_description_and_valid_examples(edition: str, name: str) -> None:
    schema = catalog.types(edition)[name]
    assert schema.get("title") or schema.get("description")
    validator = jsonschema.Draft202012Validator(schema, format_checker=lv.format_checker())
    assert all(validator.is_valid(example) for example in schema.get("examples", []))
    assert "pattern" not in schema or schema["examples"]


@every_file
def test_every_format_is_a_known_format(name: str) -> None:
    assert {schema["format"] for _, schema in subschemas(load(name)) if "format" in schema} <= FORMATS.keys()


# Patterns.

PREFIX = re.compile(r"\^arn:\[\^:\][*]:[^$]*:")
"""Return whether a condition tests the beginning of an ARN, up to the service."""


@every_file
def test_every_pattern_matches_the_whole_value_except_arn_conditions(name: str) -> None:
    for path, schema in subschemas(load(name)):
        if "pattern" not in schema:
            continue
        pattern = schema["pattern"]
        condition = {"if", "not"} & set(path) or any(step.startswith("From") for step in path)
        ends_like_a_whole = pattern.startswith("^arn:") and pattern.endswith(r"\.fifo$(?!\n)")
        assert whole(pattern) is not None or (condition and (PREFIX.fullmatch(pattern) or ends_like_a_whole))
        for engine in (re, regex):
            engine.compile(pattern)
            engine.compile(schema.get("x-pattern", ""))
        assert not re.search(r"\\[dwsDWSbB]", pattern)  # engines differ on what these mean beyond ASCII


# Every validator reads the schemas alike.


@every_direction
@either_strictness
def test_the_portable_schema_is_self_contained(edition: str, operation: str, direction: str, strict: bool) -> None:
    schema = lv.schema(operation, direction, edition, strict=strict)
    assert not [keyword for keyword in keywords(schema) if keyword.startswith("x-") or keyword == "format"]
    assert all(each.get("$ref", "#/").startswith("#/$defs/") or "$ref" not in each for _, each in subschemas(schema))
    assert all(each["$ref"].rpartition("/")[2] in schema["$defs"] for _, each in subschemas(schema) if "$ref" in each)
    assert json.loads(json.dumps(schema)) == schema
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema_rs.validator_for(schema)  # raises if the schema itself is invalid


@every_direction
def test_the_portable_schema_is_the_callers_own(edition: str, operation: str, direction: str) -> None:
    lv.schema(operation, direction, edition)["properties"].clear()
    assert lv.schema(operation, direction, edition)["properties"]


@pytest.mark.parametrize(
    ("arguments", "nearest"),
    [
        (("CreateEventSourceMaping", "request"), "CreateEventSourceMapping"),
        (("CreateEventSourceMapping", "requests"), "request"),
        (("CreateEventSourceMapping", "request", "document"), "documents"),
    ],
)
def test_a_schema_that_does_not_exist_has_a_nearest_name(arguments: tuple[str, ...], nearest: str) -> None:
    with pytest.raises(LookupError, match=f"did you mean '{nearest}'"):
        lv.schema(*arguments)
