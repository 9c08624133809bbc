"""Find the files to lint in some paths: walk folders, without files that are excluded or ignored by `.gitignore`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ...files.folders import REPOSITORY, ancestors
from ..documents import LANGUAGES
from . import STDIN, Failure, gitignore, reason
from .gitignore import Patterns
from .left_out import DOTS, GITIGNORE, SKIPPED, LeftOut, is_of_a_tool


class Globs(NamedTuple):
    """Patterns such as those of the setting `exclude`, and the folder that they are relative to."""

    folder: str
    patterns: Patterns

    def covers(self, path: str, is_folder: bool = False) -> bool:
        """Return whether the patterns match a file or folder. Of a file outside the folder, only the name counts."""
        inside = relative(path, self.folder)
        if inside is None and not is_folder:
            inside = os.path.basename(path)
        return inside not in (None, ".") and self.patterns.covers(inside or "", is_folder)


class Walk(NamedTuple):
    """The settings for finding files. `excluded` also applies to files that the user names.

    `gitignore` says whether `.gitignore` files are read. They apply only to files in folders that the user names.
    """

    excluded: tuple[Globs, ...] = ()
    gitignore: bool = True


DEFAULT_WALK = Walk()


class _Layer(NamedTuple):
    """The patterns of a `.gitignore` file or of a setting, for a folder above the walked folder or inside it.

    A path in the walked folder is made relative to the folder of the patterns: `prefix` is added to it, or its first
    `cut` characters are removed.
    """

    patterns: Patterns
    prefix: str = ""
    cut: int = 0

    def verdict(self, inside: str, is_folder: bool) -> bool | None:
        return self.patterns.verdict(self.prefix + inside[self.cut :], is_folder)


class _Folder(NamedTuple):
    """A folder to walk: its path, its path relative to the top of the walk (`inside`), and the patterns that apply."""

    path: str
    inside: str
    layers: tuple[_Layer, ...]


def relative(file: str, folder: str) -> str | None:
    """Return the path of a file within a folder, with slashes; None if it is outside."""
    try:
        path = os.path.relpath(file, folder)
    except ValueError:  # the file is on another drive of Windows, or its path is empty
        return None
    parts = path.split(os.sep)
    return None if parts[0] in ("..", "") or os.path.isabs(path) else "/".join(parts)


def find(paths: Iterable[str], walk: Walk = DEFAULT_WALK, left_out: LeftOut | None = None) -> Iterator[str | Failure]:
    """Yield the files for some paths of files and folders, each once. Those of a folder are sorted by name.

    A folder that cannot be read is a `Failure`. `left_out` collects skipped files.
    """
    left_out = left_out or LeftOut()
    seen = left_out.linted
    for path in paths:
        for file in (path,) if path == STDIN else _found(path, walk, left_out):
            if isinstance(file, Failure) or file not in seen:
                yield file
                seen.add(file if isinstance(file, str) else "")


def _found(path: str, walk: Walk, left_out: LeftOut) -> Iterator[str | Failure]:
    is_folder = os.path.isdir(path)
    if path and any(globs.covers(path, is_folder) for globs in walk.excluded):
        return
    if is_folder:
        yield from _walk(_tidy(path), walk, left_out)
    else:
        yield _tidy(path) if path else path


def _tidy(path: str) -> str:
    """Return a path without redundant parts such as `./`. A path with `..` is unchanged, since it may follow a link."""
    return path if os.pardir in path.split(os.sep) else os.path.normpath(path)


def _walk(top: str, walk: Walk, left_out: LeftOut) -> Iterator[str | Failure]:
    """Yield the files in a folder at any depth, without following links, so that the walk ends."""
    excluded = tuple(_Layer(globs.patterns, _prefix(top, globs.folder)) for globs in walk.excluded)
    outer = tuple(_outer(top)) if walk.gitignore else ()
    stack: list[_Folder | str] = [_Folder(top, "", outer)]
    while stack:
        folder = stack.pop()
        if isinstance(folder, str):
            yield folder
            continue
        try:
            with os.scandir(folder.path) as entries:
                every = sorted(entries, key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            yield Failure(folder.path, None, None, reason(error, "folder"))
            continue
        inner = _with_own(folder) if walk.gitignore else folder
        candidates = filter(_is_candidate, every)
        stack += [wanted for entry in candidates if (wanted := _wanted(entry, inner, excluded, left_out)) is not None]
        for entry in every:
            if entry.name.startswith(".") and entry.is_dir(follow_symlinks=False) and not is_of_a_tool(entry.name):
                left_out.add(entry.path, DOTS)


def _wanted(
    entry: os.DirEntry[str], folder: _Folder, excluded: tuple[_Layer, ...], left_out: LeftOut
) -> _Folder | str | None:
    """Return the path of a file to lint, or a folder to walk; None if the entry is excluded or ignored."""
    inside = f"{folder.inside}/{entry.name}" if folder.inside else entry.name
    is_folder = entry.is_dir(follow_symlinks=False)
    if any(layer.verdict(inside, is_folder) for layer in excluded):
        return None
    verdicts = (layer.verdict(inside, is_folder) for layer in reversed(folder.layers))
    if next((verdict for verdict in verdicts if verdict is not None), False):
        left_out.add(entry.path, GITIGNORE)
        return None
    path = entry.name if folder.path == "." else os.path.join(folder.path, entry.name)
    return _Folder(path, inside, folder.layers) if is_folder else path


def _is_candidate(entry: os.DirEntry[str]) -> bool:
    if entry.is_dir(follow_symlinks=False):
        return not entry.name.startswith(".") and entry.name not in SKIPPED
    return os.path.splitext(entry.name)[1].lower() in LANGUAGES and entry.is_file(follow_symlinks=False)


def _with_own(folder: _Folder) -> _Folder:
    """Return a folder with the patterns of its own `.gitignore` file added, if it has one."""
    patterns = gitignore.read(folder.path)
    if patterns is None:
        return folder
    layer = _Layer(patterns, cut=len(folder.inside) + 1 if folder.inside else 0)
    return folder._replace(layers=(*folder.layers, layer))


def _outer(top: str) -> Iterator[_Layer]:
    """Yield the patterns of `.gitignore` files in the folders above a folder, up to the top of its git repository.

    Outside a repository, there are none.
    """
    folder = os.path.realpath(top)
    above: list[str] = []
    for ancestor in ancestors(folder):
        above.append(ancestor)
        if os.path.exists(os.path.join(ancestor, REPOSITORY)):
            break
    else:
        return
    for ancestor in reversed(above[1:]):
        patterns = gitignore.read(ancestor)
        if patterns is not None:
            yield _Layer(patterns, _prefix(folder, ancestor))


def _prefix(top: str, folder: str) -> str:
    """Return what to prepend to paths in `top` to make them relative to a folder above it: "a/" for /x/a and /x."""
    inside = relative(top, folder)
    return f"{inside}/" if inside not in (None, ".") else ""
