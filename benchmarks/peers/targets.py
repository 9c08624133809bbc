"""Define targets: ratios of this package's time to that of a peer in the same run, with the same rules enforced."""

from __future__ import annotations

from typing import NamedTuple

from .engines import OURS


class Target(NamedTuple):
    """A limit of `most` times the time of a peer, or of the unit of the workload for this package.

    It applies to the default engine, or with `is_pure` to pure Python.
    """

    workload: str
    peer: str
    most: float
    what: str = ""
    is_pure: bool = False

    def missed_by(self, figure: float) -> float:
        """Return the share by which a figure exceeds its limit, or 0."""
        return max(0.0, figure / self.most - 1)

    def describe(self, figure: float) -> str:
        wanted = f"≤ {self.most:.3g}{self.what}"
        missed = self.missed_by(figure)
        if not missed:
            return f"{wanted}: met"
        return (
            f"{wanted}: missed by {missed:.0%}" if missed < 1 else f"{wanted}: missed, {missed + 1:.1f} times as much"
        )


PURE = " in pure Python"
TARGETS = (
    Target("valid-distinct", "jsonschema-rs", 0.55),
    Target("valid-distinct", "jsonschema-rs", 2.2, PURE, is_pure=True),
    Target("valid-distinct", "fastjsonschema", 0.15),
    Target("valid-distinct", "jsonschema", 0.02),
    Target("valid-repeated", "jsonschema-rs", 0.55),
    Target("valid-repeated", "jsonschema-rs", 2.2, PURE, is_pure=True),
    Target("faulty-first", "jsonschema-rs", 0.75),
    Target("faulty-first", "jsonschema-rs", 2.2, PURE, is_pure=True),
    Target("get", "jsonschema-rs", 0.9),
    Target("get", "jsonschema-rs", 2.6, PURE, is_pure=True),
    Target("create-response", "jsonschema-rs", 0.9),
    Target("create-response", "jsonschema-rs", 2.6, PURE, is_pure=True),
    Target("get-response", "jsonschema-rs", 0.9),
    Target("get-response", "jsonschema-rs", 2.6, PURE, is_pure=True),
    Target("faulty-all", "jsonschema-rs", 0.65),
    Target("faulty-all", "fastjsonschema", 0.15),
    Target("faulty-all", "jsonschema", 0.02),
    Target("body", "json + jsonschema-rs", 0.45),
    Target("body", "msgspec", 0.6),
    Target("body-faulty", "json + jsonschema-rs", 0.5),
    Target("body-faulty", "msgspec", 0.5),
    Target("post", "json + jsonschema-rs", 1.5),
    Target("asgi", "bare application", 1 / 0.9, " (0.9 of its requests)"),
    Target("lint-1", "cfn-lint", 1 / 16, " (1/16)"),
    Target("lint-1", "check-jsonschema", 1 / 4, " (1/4)"),
    Target("lint-200", "cfn-lint", 1 / 45, " (1/45)"),
    Target("lint-10000", "cfn-lint", 1 / 60, " (1/60)"),
    Target("import", OURS, 20.0, " ms"),
)


def of(workload: str, engine: str) -> list[Target]:
    return [each for each in TARGETS if (each.workload, each.peer) == (workload, engine)]
