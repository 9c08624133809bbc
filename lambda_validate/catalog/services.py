"""Catalogs of other services, and differences between an edition and the installed SDK. Needs botocore when used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from .. import catalog
from ..patterns import PatternError
from . import Catalog
from .models.drift import Difference, differences, shown
from .models.edition import documents, of_documents
from .models.shipped import botocore_version, service_model
from .schema_files import overlay

EDITION = "current"
HEADS = ("what", "where", "which", "here", "there")
WIDEST = (9, 64, 36, 36, 36)
"""Maximum width of each column of the table, in characters."""
ELLIPSIS = "..."
COMMON = 12
"""Number of common characters that are shown before the first difference of two long values."""


def of_service(name: str) -> Catalog:
    """Return the catalog of a service, made from its newest model in botocore. `name` is the SDK's name for it.

    An unknown service raises `UnknownNameError`. Without botocore, `NoModelsError` is raised.
    """
    return Catalog.from_service_model(service_model(name))


class Drift(NamedTuple):
    """The result of `compared`: the differences of both editions from the model of the installed SDK.

    `sdk` is the SDK and its version. `drift` are the differences of the edition `current`, and `documents` those of the
    edition `documents`. `refused` are those in `drift` by which the edition refuses values that the model allows.
    """

    sdk: str
    drift: tuple[Difference, ...]
    documents: tuple[Difference, ...]
    refused: tuple[Difference, ...] = ()


def compared() -> Drift:
    """Compare the edition `current`, and the edition `documents`, with the model of the installed SDK.

    `current` has overlays, so they are added to the model before it is compared. Without botocore, `NoModelsError` is
    raised.
    """
    model = service_model("lambda", own=False)
    known = catalog.find(EDITION)
    made = documents(model)
    theirs = of_documents(EDITION, made, dict(overlays(model["operations"])))
    plain = of_documents(EDITION, made, {})
    drift = differences(known.document, theirs.__getitem__)
    return Drift(
        f"botocore {botocore_version()}",
        drift,
        differences(catalog.find("documents").document, plain.__getitem__, common=True),
        tuple(difference for difference in drift if difference.refuses and not _is_wider(difference)),
    )


def _is_wider(found: Difference) -> bool:
    """Return whether two patterns differ, and the edition's matches all strings that the model's matches."""
    if found.kind != "pattern" or found.theirs is None:
        return False
    from ..patterns.building import intruder, of_documented  # only patterns that differ need it

    try:
        return intruder(of_documented(found.theirs), of_documented(found.ours)) is None
    except PatternError:
        return False


def overlays(operations: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Yield the file name and the content of each overlay that applies to one of the operations."""
    for name in ("types", "qualified", *operations):
        with suppress(OSError):  # most operations have none
            yield f"{name}.json", overlay(f"{name}.json")


def table(found: Drift) -> Iterator[str]:
    """Yield the lines of tables that list the differences of both editions from the SDK's model."""
    others = [difference for difference in found.drift if difference not in found.refused]
    if found.refused:
        yield f"What {found.sdk} (there) allows, but the edition {EDITION} (here) refuses:"
        yield from _rows(found.refused)
    else:
        yield f"The edition {EDITION} allows all that {found.sdk} does."
    if others:
        yield ""
        yield f"Other differences of {found.sdk} (there) from the edition {EDITION} (here), which refuse nothing:"
        yield from _rows(others)
    yield ""
    yield f"Where the edition 'documents' (here) differs from the model of {found.sdk} (there):"
    yield from _rows(found.documents)


def _rows(found: Iterable[Difference]) -> Iterator[str]:
    rows = [
        HEADS,
        *((difference.kind, _where(difference), difference.fact, *_sides(difference)) for difference in found),
    ]
    cut = [[_cut(cell, widest) for cell, widest in zip(row, WIDEST, strict=True)] for row in rows]
    widths = [max(len(row[index]) for row in cut) for index in range(len(HEADS))]
    for row in cut:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _sides(found: Difference) -> tuple[str, str]:
    """Return the two values of a difference as strings. Long ones begin shortly before their first difference."""
    here, there = shown(found.ours), shown(found.theirs)
    common = next((at for at, (one, other) in enumerate(zip(here, there, strict=False)) if one != other), 0)
    if max(len(here), len(there)) <= WIDEST[-1] or common <= COMMON + len(ELLIPSIS):
        return here, there
    return ELLIPSIS + here[common - COMMON :], ELLIPSIS + there[common - COMMON :]


def _cut(text: str, widest: int) -> str:
    return text if len(text) <= widest else text[: widest - len(ELLIPSIS)] + ELLIPSIS


def _where(found: Difference) -> str:
    more = f" (and {len(found.operations) - 1} more)" if len(found.operations) > 1 else ""
    return f"{found.operations[0]}{more} {found.place}".strip()


def concise(found: Drift) -> Iterator[str]:
    """Yield a line for each difference, such as "drift: choice Invoke request/InvocationType Later: - -> Later"."""
    for name, rows in (("drift", found.drift), ("documents", found.documents)):
        for row in rows:
            yield f"{name}: {row.kind} {_where(row)} {row.fact}: {shown(row.ours)} -> {shown(row.theirs)}"


def facts(found: Drift) -> dict[str, Any]:
    """Return the differences of both editions from the SDK's model as JSON values."""
    drift = [{**difference._asdict(), "refused": difference in found.refused} for difference in found.drift]
    documents = [difference._asdict() for difference in found.documents]
    made_from = catalog.find(EDITION).made_from
    sides = {"drift": drift, "documents": documents}
    return {"edition": EDITION, "made_from": made_from, "installed": found.sdk, "regenerate": REGENERATE, **sides}


REGENERATE = "python tools/current.py"
"""The command that makes the edition again, in a checkout of the repository."""


def advice(found: Drift) -> Iterator[str]:
    """Yield a line that says how to regenerate the edition, if it refuses values that the SDK's model allows."""
    if found.refused:
        count = f"{len(found.refused)} difference{'' if len(found.refused) == 1 else 's'}"
        version = found.sdk.replace(" ", "==")
        yield (
            f"in {count}, the edition {EDITION} refuses what {found.sdk} allows; to regenerate the edition, run in a "
            f"checkout: python -m pip install {version} && {REGENERATE}"
        )
