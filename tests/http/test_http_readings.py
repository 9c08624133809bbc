"""Test `unknown_route="pass"`: a target passes only if no program can route its path to an operation."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_validate import catalog, http
from lambda_validate.http import readings as module
from lambda_validate.http.readings import MOST_READINGS, READING_STEPS, READINGS_BYTES, literal, readings
from lambda_validate.http.routes import LABEL, Route, _grouped, matches

EDITIONS = ("documents", "current")
OPERATIONS = [
    (edition, catalog.operation(name, edition)) for edition in EDITIONS for name in catalog.operations(edition)
]
READ = "/2019-09-25{0}functions{0}{1}{0}event-invoke-config"
LABELS = [";drop%20table", "%20", "%09", ";x", "a%00b", "%3f", "%23", "x.y"]
ODD_LABELS = ["", "..", ".", "%2e", "%2e%2e", "evil%20payload%5cx"]
"""Labels that some steps remove or split. A program without these steps finds the operation."""
SLASHES = ["%5c", "\\", "%c0%af", "%u002f", "//", "/./", "/;a/../"]


def passes(target: str, edition: str = "documents", method: str = "GET") -> bool:
    check = http.check_request(method, target, (), b"", edition=edition, unknown_route="pass")
    return check.operation is None and check.answer is None


DISGUISES = [
    *((slash, label) for slash in ["%2f", "%2F", "%252f"] for label in [*LABELS, *ODD_LABELS]),
    *((slash, label) for slash in SLASHES for label in LABELS),
]


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize(("slash", "label"), DISGUISES)
def test_an_operation_with_disguised_slashes_and_any_label_never_passes(slash: str, label: str, edition: str) -> None:
    assert not passes(READ.format(slash, label), edition)
    for place in range(3):
        parts = READ.format("/", label).split("/", place + 1)
        assert not passes("/".join(parts[:-1]) + slash + parts[-1], edition)


SEPARATORS = st.sampled_from(["/", "%2f", "%2F", "%252F", "%5c", "//", "/./", "/x/../", "/%2e/", "/;v/"])
ALPHABET = st.sampled_from(
    ["a", "Z", "9", ":", "$", ";", "=", ".", "%20", "%09", "%2e", "%2F", "%5c", "%3b", "%00", "%C3%A9"]
)
TEXT = st.lists(ALPHABET, max_size=4).map("".join)


@st.composite
def disguised(draw: st.DrawFn) -> tuple[str, str, str]:
    """Draw an edition, a method and a target that may become the path of an operation when it is decoded."""
    edition, operation = draw(st.sampled_from(OPERATIONS))
    segments = [
        draw(TEXT) if LABEL.fullmatch(each) else draw(st.sampled_from([each, each.upper(), each.replace("o", "%6f")]))
        for each in operation.path.strip("/").split("/")
    ]
    target = "/" + segments[0] + "".join(draw(SEPARATORS) + each for each in segments[1:])
    method = draw(st.sampled_from(["GET", "POST", "PUT", "DELETE", operation.method, operation.method]))
    return edition, method, target + draw(st.sampled_from(["", "/", "?Qualifier=1", "?/x", ".json", ";v=1", "%00"]))


@settings(max_examples=500, deadline=None)
@given(disguised())
def test_no_disguised_operation_passes_as_an_unknown_route(drawn: tuple[str, str, str]) -> None:
    edition, method, target = drawn
    path = unquote_to_bytes(target.partition("?")[0])  # the path that a WSGI or ASGI server passes to an application
    found = {each.route.operation.method for each in matches(path.replace(b"%", b"_"), catalog.find(edition))}
    if method in found:
        assert not passes(target, edition, method)


@pytest.mark.parametrize(
    "target",
    ["http://h%2f2019-09-25%2ffunctions%2fx%20y%2fevent-invoke-config", "https://h%5c2019-09-25%5cfunctions%5cf%5cevent-invoke-config",
     "https://h\\2019-09-25\\functions\\x\\event-invoke-config", "http:/2019-09-25/functions/;f/event-invoke-config",
     "http:///h/2019-09-25/functions/f/event-invoke-config", "HTTP:%2F%2Fh/2019-09-25/functions/f/event-invoke-config",
     "/2019-09-25%e0%80%affunctions/f/event-invoke-config", "/2019-09-25%f0%80%80%affunctions/f/event-invoke-config"],
)  # fmt: skip
@pytest.mark.parametrize("edition", EDITIONS)
def test_host_scheme_and_overlong_bytes_hide_no_operation(target: str, edition: str) -> None:
    assert not passes(target, edition)


@pytest.mark.parametrize(
    "target", [f"/health?x={'y' * 9_000}", f"/api/{'%E4%BD%A0' * 1200}", "http://h/health?x=1", "http://h:80"]
)
def test_no_limit_of_an_operation_applies_to_other_routes(target: str) -> None:
    assert passes(target, "current")
    headers = [(f"x-{number}", "1") for number in range(300)]
    check = http.check_request("GET", target, headers, b"", edition="current", unknown_route="pass")
    assert check == http.RequestCheck(None)


def test_another_operation_behind_an_encoded_slash_never_passes() -> None:
    assert not passes("/2015-03-31/functions/x%2Fcode", "current", "PUT")  # UpdateFunctionCode, once decoded
    assert not passes("/2015-03-31%2Ffunctions/x/code", "current", "PUT")
    assert passes("/2015-03-31/functions/x%2Fy", "current", "PUT")


NAMES = st.from_regex(r"[A-Za-z0-9_~-]{1,12}", fullmatch=True)
ODD_NAMES = st.sampled_from(
    [
        "a%20b",
        "x;v=1",
        "app.min.css",
        "%C3%A9t%C3%A9",
        "a+b",
        "@scope",
        "50%25",
        "q,r",
        "(1)",
        "index.html",
        "2015-03-31",
    ]
)
ORDINARY = st.builds(
    "/{}{}{}".format,
    st.lists(NAMES | ODD_NAMES, max_size=6).map("/".join),
    st.sampled_from(["", "/", "//", "/../x"]),
    st.sampled_from(["", "?q=%2f", "?next=/2015-03-31/functions", "?a=1&b=2#"]),
)


@settings(max_examples=1_000, deadline=None)
@given(ORDINARY, st.sampled_from(EDITIONS))
def test_ordinary_targets_of_other_applications_pass(target: str, edition: str) -> None:
    assert passes(target, edition)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize(
    "target",
    ["/", "/health", "/docs", "/static/a%20b;v=1.css", "/files/2015-03-31/functions", "/search?q=%2f", "/openapi.json",
     "/A//b/../c;d.e%3fx", "/2015-03-31", "/2015-03-32/functions/f", "*", "", "/%zz", "/a/%2e%2e/b", "/favicon.ico",
     "/wiki/Foo%20(Bar)%3F.html;s=1", "/proxy/https://example.org/a/b?c=d", "//cdn/x.js"],
)  # fmt: skip
def test_unrelated_targets_pass(target: str, edition: str) -> None:
    assert passes(target, edition)


@pytest.mark.parametrize(
    ("path", "left"),
    [
        (b"/a/b/c/./../../g", b"/a/g"), (b"/../../g", b"/g"), (b"/a/../../../g", b"/g"), (b"/a/b/..", b"/a/"),
        (b"/a/b/.", b"/a/b/"), (b"/..", b"/"), (b"/.", b"/"), (b"/a//..", b"/a/"), (b"/a/...", b"/a/..."),
    ],
)  # fmt: skip
def test_dot_segments_are_removed_as_rfc_3986_does(path: bytes, left: bytes) -> None:
    assert module._without_dots(path) == left


@pytest.mark.parametrize("sent", ["/x/%2e%2e;y%2fa/b", "/../../A/b", "/%2561/b", "/x/%5c../%20../a%09/%62", "//a;/./b"])
def test_decoding_steps_are_combined(sent: str) -> None:
    assert b"/a/b" in (readings(sent.encode()) or ())


WITNESSES = [
    b"/a%2fb", b"/a%u002fb", b"/a\xc0\xafb", b"/a\\b", b"/a;x/b", b"/x/../a/b", b"/a//b", b"//h/a/b", b"/s:/a/b",
    b"/a/b?c/d", b"/a/b#c/d", b"/a/b\0c/d", b"/a\0/b", b"/a /b", b"a/b",
]  # fmt: skip
"""For each step, a path that becomes `/a/b` by that step only."""


@pytest.mark.parametrize(("step", "sent"), [*zip(READING_STEPS, WITNESSES, strict=True)])
def test_every_decoding_step_is_needed(step: module.ReadingStep, sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    assert b"/a/b" in (readings(sent) or ())
    monkeypatch.setattr(module, "READING_STEPS", tuple(each for each in READING_STEPS if each is not step))
    assert b"/a/b" not in (readings(sent) or ())


@pytest.mark.parametrize(
    "segment",
    [
        b"list",
        b"list;v=1",
        b"list.json",
        b"list.",
        b"l%69st",
        b"l%2569st",
        b"list%00",
        b"%4cIST",
        b"list%3f",
        b"l%09ist",
    ],
)
def test_disguised_segments_are_recognised(segment: bytes) -> None:
    assert literal(segment) == b"list"


@given(
    st.lists(
        st.sampled_from(
            [b"/", b"%2f", b"%25", b"2f", b";", b"..", b".", b"\\", b"?", b"#", b"\0", b"a", b"://", b"%c0%af", b"\xc1"]
        ),
        max_size=14,
    ).map(b"".join)
)
def test_readings_are_closed_and_bounded(path: bytes) -> None:
    found = readings(path)
    if found is None:
        return
    assert len(found) <= MOST_READINGS
    assert sum(map(len, found)) <= READINGS_BYTES
    for reading in found:  # every step from every reading leads to a reading
        assert readings(reading) is not None
        assert (readings(reading) or frozenset()) <= found


def test_a_path_with_too_many_readings_is_rejected() -> None:
    target = "/%" + "25" * MOST_READINGS + "61"
    assert readings(target.encode()) is None
    assert not passes(target)
    assert readings(b"/%25" + b"a" * READINGS_BYTES) is None


PIECES = [b"%", b"%25", b"%%32%35", b"/..;", b"//", b"a:", b"/;", b"%c0%af/../;?#%00", b"..;/"]


@pytest.mark.parametrize("piece", PIECES)
def test_a_longer_path_has_no_more_readings(piece: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each reading takes time proportional to its length. So the work is their number times the length."""
    applied: list[int] = []

    def counting(apply: object) -> object:
        return lambda path: (applied.append(len(path)), apply(path))[1]  # type: ignore[operator]  # a step's function

    monkeypatch.setattr(
        module, "READING_STEPS", tuple(step._replace(apply=counting(step.apply)) for step in READING_STEPS)
    )
    work = []
    for size in (1_000, 2_000):
        applied.clear()
        readings(b"/" + piece * (size // len(piece)))
        work.append(sum(applied))
    assert work[1] <= 2.2 * work[0] + 200


def encoded(segment: str) -> str:
    """Return a segment with its first character encoded, unless it is a member or empty."""
    return segment if not segment or segment.startswith("{") else f"%{ord(segment[0]):02x}{segment[1:]}"


@pytest.mark.parametrize("facts", [each for _, each in OPERATIONS], ids=lambda each: f"{each.edition}-{each.name}")
def test_a_literal_of_a_path_may_be_encoded(facts: catalog.Operation) -> None:
    path, known = "/".join(map(encoded, facts.path.split("/"))), facts.catalog
    assert [each.route for each in matches(path.encode(), known)] == [
        each.route for each in matches(facts.path.encode(), known)
    ]
    assert matches(path.replace("%", "%25").encode(), known) == []
    assert matches(path.replace("%", "%%", 1).encode(), known) == []


def test_routes_with_one_literal_are_matched() -> None:
    facts = catalog.operation("GetFunctionEventInvokeConfig", "documents")
    (group,) = _grouped((Route(facts, ("", None), ((1, "FunctionName"),)),))
    assert group.routes[group.literals([b"", b"orders"])]
