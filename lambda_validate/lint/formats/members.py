"""Convert an object in a file into a payload of the API: rename its members, and report names that do not exist.

For example, `batch_size` of Terraform becomes `BatchSize`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from ...base.spelling import MAX_NAME_LENGTH, folded, listing, nearest
from ...report import Severity, Source
from ..documents.places import Path
from ..findings.lint_rules import ARGUMENT, MISPLACED, SPELLING
from ..findings.resource import FormatFinding, Resource
from ..unresolved.parts import ABSENT, Choice, Partial, Unknown
from .aws_resources import Field, ResourceType

SYNONYMS: Mapping[str, str] = {
    "arn": "EventSourceArn",
    "batchwindow": "MaximumBatchingWindowInSeconds",
    "destinations": "DestinationConfig",
    "maximumbatchingwindow": "MaximumBatchingWindowInSeconds",
    "maximumeventage": "MaximumEventAgeInSeconds",
    "queue": "EventSourceArn",
    "stream": "EventSourceArn",
}
"""Names in other formats that differ from the API's names by more than letter case and underscores.

They are in lower case and without underscores, and have the API's name as their value.
"""

TIMESTAMP_TYPE = "starting-position-timestamp.type"
RFC_3339 = (
    r"(?P<whole>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?P<fraction>\.[0-9]+)?"
    r"(?P<zone>Z|[-+][0-9]{2}:[0-9]{2})"
)
"""The pattern of a timestamp of RFC 3339, section 5.6, in the form that Go's `time.RFC3339` accepts."""
LONGEST_TIMESTAMP = 60
"""Maximum length of a timestamp, in characters. Even nanoseconds need fewer."""


class Names(NamedTuple):
    """The names that the members of an object have in a format.

    `title` names the object in messages. `own` maps the format's names to the API's, such as `batch_size` to
    `BatchSize`. `others` are further names, which are allowed but not converted. `made_from` is the SDK whose model
    has the names, such as "botocore 1.44.8"; empty if they are from no SDK.
    """

    title: str
    own: Mapping[str, str]
    others: frozenset[str] = frozenset()
    made_from: str = ""

    @property
    def by_api(self) -> Mapping[Path, str]:
        """The format's names that differ from the API's, by the path of the API's name: `("BatchSize",)`."""
        return {(api,): own for own, api in self.own.items() if own != api}

    def meant(self, name: str) -> str | None:
        """Return this format's name for a name of another format: for `BatchSize`, `batch_size`; None if unknown."""
        word = folded(name)
        api = SYNONYMS.get(word)
        return next(
            (own for own, known in self.own.items() if word in (own.lower(), known.lower()) or known == api), None
        )


class Located(NamedTuple):
    """A value, and the path in the document where it is written."""

    value: Any
    path: Path


def objects(value: Any, path: Path) -> Iterator[Located]:
    """Yield a value if it is an object, or the objects among its items if it is a list; each with its path."""
    if isinstance(value, dict):
        yield Located(value, path)
    elif type(value) is list:
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield Located(item, (*path, index))


class PayloadDraft:
    """A payload that is being made of an object in a file, at the document path `path`.

    `places` maps paths in the payload to paths in the document. `names` maps them to the names in the format, where
    these differ from the API's. `findings` are about the format, not the API.
    """

    def __init__(self, path: Path = ()) -> None:
        self.path = path
        self.payload: dict[str, Any] = {}
        self.places: dict[Path, Path] = {}
        self.names: dict[Path, str] = {}
        self.findings: list[FormatFinding] = []

    def report(
        self, rule: str, path: Path, message: str, help: str | None = None, *, is_key: bool = True,
        severity: Severity = "error",
    ) -> None:  # fmt: skip
        """Add a finding about the format. With `is_key`, the name at the document path is marked, not the value."""
        self.findings.append(FormatFinding(rule, severity, path, message, help, self.source(path), is_key))

    def source(self, path: Path) -> Source | None:
        """Return the documentation that a finding at a path cites; None for the default. Formats may override this."""
        return None

    def read(
        self, value: Mapping[str, Any], path: Path, names: Names, convert: Callable[[Any, Path], Any], api: Path = ()
    ) -> dict[str, Any]:
        """Return the members of an object under the API's names, and report unknown names.

        `path` is the path of the object in the document, and `api` its path in the payload. `convert` evaluates a
        value, given its path in the document.
        """
        self.places[api] = path
        self.names |= {(*api, *known): own for known, own in names.by_api.items()}
        payload: dict[str, Any] = {}
        for name in sorted(value, key=lambda name: name not in names.own):
            is_own = name in names.own
            if not is_own and name in names.others:
                continue
            own = meant = name if is_own else names.meant(name)
            if not is_own and not name.startswith("Fn::"):
                self.findings.append(stranger(name, own, path, names))
                meant = own or likely(name, names.own)
            if meant is not None and names.own[meant] not in payload:
                payload[names.own[meant]] = convert(value[name], (*path, name)) if own else Unknown()
                self.places[*api, names.own[meant]] = (*path, name)
        return payload

    def drop_null(self, depth: int = 1) -> None:
        """Remove the members that are null: with `depth` 1 those of the payload, with 2 also those of objects in it."""
        self.payload = without_null(self.payload, depth)

    def put(self, path: Path, value: Any, name: str) -> None:
        """Set the value at a path in the payload, for the member `name`, which the format has in another place.

        For example, SAM's ConsumerGroupId is inside AmazonManagedKafkaEventSourceConfig in the API. Only the last step
        of the path may be an index: it appends an item to a list.
        """
        home: Any = self.payload
        place = self.places.get((name,), self.path)
        for length, step in enumerate(path[:-1], 1):
            self.places.setdefault(path[:length], place)
            home = home.setdefault(step, [] if isinstance(path[length], int) else {})
            if not isinstance(home, dict | list):
                return
        if isinstance(home, dict):
            home[path[-1]] = value
        else:
            home.append(value)
        self.places[path] = place
        self.names[path if isinstance(path[-1], str) else path[:-1]] = name

    def need(
        self, fields: Mapping[str, Field], body: Located, payload: dict[str, Any], severity: Severity = "error"
    ) -> None:
        """Report arguments that Terraform's provider requires and that an object lacks. Their values become unknown.

        An object with any unknown name is skipped, since that may be a misspelt or computed argument.
        """
        for name, field in fields.items() if body.value.keys() <= fields.keys() else ():
            if field.needs and field.api not in payload and not field.is_unset(body.value.get(name)):
                payload[field.api] = Unknown(implied=True)
                title = next(step for step in reversed(body.path) if isinstance(step, str))
                message = f"{title} must have {name}."
                self.report(ARGUMENT, (*body.path, name), message, f"Add {name}.", severity=severity)

    def timestamp(self, value: Any, path: Path, name: str) -> Any:
        """Return an RFC 3339 timestamp as Unix seconds, which is the type in the API. Report any other value.

        `name` is the format's name of the member. A value that is not known stays unknown.
        """
        if isinstance(value, Choice):
            return value.mapped(lambda option: self.timestamp(option.value, option.path or path, name))
        if value is ABSENT or isinstance(value, Unknown | Partial):
            return value if value is ABSENT else Unknown()
        moment = seconds(value)
        if moment is None:
            message = f"StartingPositionTimestamp (here {name}) must be an RFC 3339 timestamp."
            self.report(TIMESTAMP_TYPE, path, message, "Write it like 2024-06-10T19:26:16Z.", is_key=False)
        return Unknown() if moment is None else moment

    def resource(self, type: ResourceType, format: str, owner: Path = (), *, converts: bool = False) -> Resource:
        """Return the payload as a resource of a type, with the positions and findings that were collected."""
        return Resource(
            type.operation, type.direction, self.payload, self.path, places=self.places, names=self.names,
            format=format, extra=tuple(self.findings), converts=converts, owner=owner,
        )  # fmt: skip


def without_null(value: Any, depth: int) -> Any:
    """Return an object without the members that are null; with `depth` 2, also without those of objects in it."""
    if depth and isinstance(value, dict):
        return {name: without_null(member, depth - 1) for name, member in value.items() if member is not None}
    return value


def stranger(name: str, own: str | None, path: Path, names: Names) -> FormatFinding:
    """Return the finding for a member that the format does not have.

    `own` is the format's name that it certainly means, if any: in Terraform, `batch_size` for `BatchSize`.
    """
    shown = ascii(name[:MAX_NAME_LENGTH])
    if own is not None and not _is_anothers(name, own, names):
        message = f"{names.title} has no member {shown}; did you mean {own!r}?"
        return FormatFinding(SPELLING, "error", (*path, name), message, f"Write {own}.")
    if own is not None:
        message = f"{names.title} has no member {shown}, which is another format's spelling of {own!r}."
        return FormatFinding(SPELLING, "error", (*path, name), message, f"Write {own}.")
    from ...compiler.messages import allowing, as_of  # few files have such a member

    absent, place = f"{names.title} has no member {shown}{as_of(names.made_from)}", (*path, name)
    meant = likely(name, names.own)
    if meant:
        help = allowing(f"Write {meant}.", names.made_from)
        return FormatFinding("member.unknown", "error", place, f"{absent}; did you mean {meant!r}?", help)
    listed = listing(names.own, "and") if len(names.own) <= 12 else ""
    help = allowing(f"The members are {listed}." if listed else None, names.made_from)
    return FormatFinding("member.unknown", "error", place, f"{absent}.", help)


def likely(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most similar to a misspelt one; None if none is similar."""
    return _likely(name, tuple(known)) if len(name) <= MAX_NAME_LENGTH else None


@lru_cache(maxsize=16)
def _likely(name: str, known: tuple[str, ...]) -> str | None:
    """Return the nearest known name. It is cached, since the search is slow and a file often repeats a mistake."""
    return nearest(name, known)


def _is_anothers(name: str, own: str, names: Names) -> bool:
    """Return whether a name that means `own` is another format's, rather than a misspelling of `own`.

    Names of other formats are in camel case, have underscores, or are the API's names.
    """
    if folded(name) in SYNONYMS or name == names.own[own] or ("_" in name and name.islower()):
        return True
    is_one_word = own[1:].islower() and name.islower()
    return is_one_word or (name[:1].islower() and not name.islower()) or (name[:1].isupper() and not own[:1].isupper())


def misplaced(value: Mapping[str, Any], path: Path, names: Names, home: str) -> Iterator[FormatFinding]:
    """Yield a finding for each member that is beside the object `home`, such as Properties, but belongs inside it."""
    for name in displaced(value, names):
        message = f"{name} does not belong here, but into {home}."
        yield FormatFinding(MISPLACED, "error", (*path, name), message, f"Indent it below {home}.")


def displaced(value: Mapping[str, Any], names: Names) -> Iterable[str]:
    """Return the names in an object that are names of members of another object, into which they belong."""
    return [name for name in value if name in names.own and name not in names.others]


def seconds(text: object) -> float | None:
    """Return the Unix seconds of an RFC 3339 timestamp; None for any other value."""
    match = re.fullmatch(RFC_3339, text) if isinstance(text, str) and len(text) <= LONGEST_TIMESTAMP else None
    if match is None:
        return None
    try:
        moment = datetime.fromisoformat(match["whole"] + match["zone"].replace("Z", "+00:00")).timestamp()
    except (ValueError, OverflowError):
        return None
    return moment + float(f"0{match['fraction'] or ''}")
