"""Test the route tables: which paths are looked up as a whole, and which by their literals."""

from __future__ import annotations

import pytest

from lambda_validate import catalog
from lambda_validate.catalog import EDITIONS
from lambda_validate.http import routes


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_path_in_which_no_member_travels_is_looked_up_whole(edition: str) -> None:
    plain = routes.plain(EDITIONS[edition])
    every = [catalog.operation(name, edition) for name in catalog.operations(edition)]
    bare = {each.path.rstrip("/").encode() for each in every if "{" not in each.path}
    assert bare
    assert plain.keys() == bare | {path + b"/" for path in bare}
    for path, found in plain.items():
        assert {each.route.operation.path.rstrip("/").encode() for each in found} == {path.rstrip(b"/")}
        assert all(each.segments == path.rstrip(b"/").split(b"/") for each in found)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_path_is_found_with_and_without_a_slash_at_its_end(edition: str) -> None:
    for name in catalog.operations(edition):
        operation = catalog.operation(name, edition)
        for label in ("x", "%78", "a%2Fb"):
            path = routes.LABEL.sub(label, operation.path.rstrip("/")).encode()
            for sent in (path, path + b"/", path.replace(b"f", b"%66")):
                found = routes.matches(sent, EDITIONS[edition])
                assert name in [each.route.operation.name for each in found], (name, sent)
            assert name not in [
                each.route.operation.name for other in (path + b"//", b"/" + path, path.replace(b"/", b"//", 1))
                for each in routes.matches(other, EDITIONS[edition])
            ], name  # fmt: skip
