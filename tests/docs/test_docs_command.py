"""Test `lambda-validate docs`: it writes pages, removes those of an earlier run, and changes no other file."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.linting import Project

from lambda_validate.base import extras as needs
from lambda_validate.cli import docs as command
from lambda_validate.docs.site import Site
from lambda_validate.files import output_folder as folder

OUT = Path("out")
LIST = OUT / command.LIST
STALE = "operations/Stale.html"


@cache
def site() -> dict[str, bytes]:
    return dict(Site().files())


def held() -> dict[str, bytes]:
    """Return the files of the folder, without the list."""
    found = {str(each.relative_to(OUT)): each for each in OUT.rglob("*") if each.is_file()}
    return {path: each.read_bytes() for path, each in found.items() if path != command.LIST}


def listed(change: Callable[[dict[str, Any]], object]) -> None:
    """Change what the list states about files."""
    document = json.loads(LIST.read_bytes())
    change(document["files"])
    LIST.write_text(json.dumps(document))


def written_earlier(project: Project) -> None:
    """Write the reference as an edition with one more page left it."""
    assert project.run("-o", "out", command="docs").code == 0
    (OUT / STALE).write_bytes(b"old")
    listed(lambda files: files.update({STALE: command.sha256(b"old").hexdigest()}))


def test_docs_writes_the_pages(project: Project):
    ran = project.run("-o", "out", command="docs")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "lambda-validate: 4 pages written; out/index.html is the first\n"
    assert held() == site()


def test_stale_pages_of_an_earlier_run_are_removed(project: Project):
    written_earlier(project)
    ran = project.run("-o", "out", command="docs")
    assert ran.err.endswith("out/index.html is the first; pages of an earlier run removed: 1\n")
    assert held() == site()
    assert project.run("-o", "out", command="docs").err.endswith("is the first\n")


@pytest.mark.e2e  # generating the whole API takes seconds
def test_a_smaller_edition_leaves_no_page_of_a_larger_one(project: Project):
    assert project.run("-o", "out", "--edition", "current", command="docs").code == 0
    project.write({"out/CNAME": "example.org", "out/operations/notes.txt": "ours"})
    assert project.run("-o", "out", command="docs").code == 0
    assert held() == {**site(), "CNAME": b"example.org", "operations/notes.txt": b"ours"}


@pytest.mark.parametrize("path", ["CNAME", "operations/CreateFunction.html", "static/own.js", "rules-a.html"])
def test_files_of_others_are_preserved(project: Project, path: str):
    project.run("-o", "out", command="docs")
    project.write({f"out/{path}": "ours"})
    assert project.run("-o", "out", command="docs").code == 0
    assert held()[path] == b"ours"


def test_a_stale_page_that_was_edited_is_preserved(project: Project):
    written_earlier(project)
    project.write({f"out/{STALE}": "ours"})
    assert project.run("-o", "out", command="docs").code == 0
    assert held()[STALE] == b"ours"


@pytest.mark.parametrize("path", [
    "../kept.html", "operations/../../kept.html", "/kept.html", "..", "", ".git/config", "static/../CNAME",
    "other/a.html", "kept.txt",
])  # fmt: skip
def test_paths_outside_the_site_in_an_edited_list_are_ignored(project: Project, path: str):
    project.run("-o", "out", command="docs")
    others = {"kept.html": b"ours", "out/kept.txt": b"ours", "out/.git/config": b"ours", "out/other/a.html": b"ours"}
    project.write({**others, "out/CNAME": b"ours"})
    listed(lambda files: files.update({path: command.sha256(b"ours").hexdigest()}))
    assert project.run("-o", "out", command="docs").code == 0
    assert {name: project.read(name) for name in others} == others


@pytest.mark.parametrize("is_folder", [False, True])
def test_symlinks_are_neither_followed_nor_removed(project: Project, is_folder: bool):
    written_earlier(project)
    (OUT / STALE).unlink()
    project.write({"far/Stale.html": "old"})
    if is_folder:
        for each in (OUT / "operations").iterdir():
            each.rename(Path("far") / each.name)
        (OUT / "operations").rmdir()
    os.symlink(*(("../far", OUT / "operations") if is_folder else ("../../far/Stale.html", OUT / STALE)))
    before = far()
    ran = project.run("-o", "out", command="docs")
    assert ran.code == (2 if is_folder else 0)
    assert ran.err.endswith("operations is a symbolic link, which is not followed\n") == is_folder
    assert far() == before
    assert (OUT / STALE).exists()


def far() -> dict[str, bytes]:
    """Return the files outside of the folder."""
    return {str(each): each.read_bytes() for each in Path("far").rglob("*") if each.is_file()}


@pytest.mark.parametrize("path", ["index.html", "static/site.css", command.LIST])
@pytest.mark.parametrize("link", [os.symlink, os.link], ids=["symbolic", "hard"])
def test_a_symlink_named_like_a_page_is_replaced_and_not_followed(project: Project, path: str, link: Any):
    project.run("-o", "out", command="docs")
    project.write({"far/kept": b"{}"})
    (OUT / path).unlink()
    link(Path("far/kept").absolute(), OUT / path)
    assert project.run("-o", "out", command="docs").code == 0
    assert far() == {"far/kept": b"{}"}
    assert not (OUT / path).is_symlink()
    assert held() == site()


@pytest.mark.parametrize("has_target", [False, True])
@pytest.mark.parametrize("name", ["operations", "static"])
def test_no_page_is_written_into_a_symlinked_folder(project: Project, name: str, has_target: bool):
    project.write({"far/kept": b"ours", "out/CNAME": "ours"})
    os.symlink("../far" if has_target else "../none", OUT / name)
    assert project.run("-o", "out", command="docs").code == 2
    assert far() == {"far/kept": b"ours"}
    assert not Path("none").exists()


def test_a_list_that_is_a_symlink_is_ignored(project: Project):
    written_earlier(project)
    LIST.rename("far.json")
    LIST.symlink_to("../far.json")
    before = project.read("far.json")
    assert project.run("-o", "out", command="docs").code == 0
    assert project.read("far.json") == before
    assert (OUT / STALE).exists()


def test_the_folder_itself_may_be_a_link(project: Project):
    Path("real").mkdir()
    OUT.symlink_to("real")
    written_earlier(project)
    assert project.run("-o", "out", command="docs").code == 0
    assert OUT.is_symlink()
    assert held() == site()


@pytest.mark.parametrize("path", ["index.html", STALE])
def test_a_pipe_named_like_a_page_does_not_block(project: Project, path: str):
    written_earlier(project)
    (OUT / path).unlink()
    os.mkfifo(OUT / path)
    assert project.run("-o", "out", command="docs").code == 0


def test_symlinks_are_not_followed_without_folder_descriptors(project: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(folder, "HAS_DESCRIPTORS", False)
    monkeypatch.setattr(folder, "NOT_FOLLOWING", 0)
    written_earlier(project)
    assert project.run("-o", "out", command="docs").err.endswith("pages of an earlier run removed: 1\n")
    project.write({"far/kept": b"ours"})
    LIST.unlink()
    LIST.symlink_to("../far/kept")
    assert project.run("-o", "out", command="docs").code == 0
    (OUT / "operations").rename("operations")
    (OUT / "operations").symlink_to("../far")
    assert project.run("-o", "out", command="docs").code == 2
    assert far() == {"far/kept": b"ours"}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"files": []}', b'{"files": {"a.html": 1}}', b"\xff",
                                     b"[" * 10**5])  # fmt: skip
def test_an_invalid_list_is_rewritten(project: Project, content: bytes):
    project.write({f"out/{command.LIST}": content, "out/a.html": "ours"})
    assert project.run("-o", "out", command="docs").code == 0
    assert held() == {**site(), "a.html": b"ours"}
    assert json.loads(LIST.read_bytes())["files"].keys() == site().keys()


@pytest.mark.parametrize(("argv", "said"), [
    (("-o", "file"), "file: the pages cannot be written: "),
    (("-o", "out", "--edition", "curent"), "there is no edition 'curent'; did you mean 'current'?"),
    ((), "the following arguments are required: -o/--output"),
])  # fmt: skip
def test_errors_are_reported_in_one_line(project: Project, argv: tuple[str, ...], said: str):
    project.write({"file": ""})
    ran = project.run(*argv, command="docs")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert said in ran.err


@pytest.mark.parametrize(("gone", "said"), [
    (("jinja2",), "jinja2 is missing"), (("railroad",), "railroad is missing"),
    (("jinja2", "railroad"), "jinja2 and railroad are missing"),
])  # fmt: skip
def test_missing_dependencies_are_listed_with_the_extra_to_install(
    project: Project, monkeypatch: pytest.MonkeyPatch, gone: tuple[str, ...], said: str
):
    monkeypatch.setattr(needs, "find_spec", lambda name: None if name in gone else name)
    ran = project.run("-o", "out", command="docs")
    assert (ran.code, ran.out, ran.err) == (2, "", f"lambda-validate: {said}; install lambda-validate[docs]\n")
    assert not OUT.exists()
