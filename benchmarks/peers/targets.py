"""What is wanted: ratios of our time to a peer's, in the same run, with the same rules enforced; smaller is better."""

from __future__ import annotations

from typing import NamedTuple

from .engines import OURS


class Target(NamedTuple):
    """At most `most` times what a peer takes; of ourselves, at most so many of the workload's unit."""

    workload: str
    peer: str
    most: float
    what: str = ""

    def missed_by(self, figure: float) -> float:
        """Return the part by which a figure is too large; 0 where it is not."""
        return max(0.0, figure / self.most - 1)

    def told(self, figure: float) -> str:
        wanted = f"≤ {self.most:.3g}{self.what}"
        missed = self.missed_by(figure)
        if not missed:
            return f"{wanted}: met"
        return (
            f"{wanted}: missed by {missed:.0%}" if missed < 1 else f"{wanted}: missed, {missed + 1:.1f} times as much"
        )


TARGETS = (
    Target("valid-distinct", "jsonschema-rs", 1.0),
    Target("valid-distinct", "jsonschema-rs", 0.55, " natively"),
    Target("valid-distinct", "fastjsonschema", 0.15),
    Target("valid-distinct", "jsonschema", 0.02),
    Target("valid-repeated", "jsonschema-rs", 0.55),
    Target("faulty-first", "jsonschema-rs", 0.75),
    Target("get", "jsonschema-rs", 0.9),
    Target("create-response", "jsonschema-rs", 0.9),
    Target("get-response", "jsonschema-rs", 0.9),
    Target("faulty-all", "jsonschema-rs", 0.5),
    Target("faulty-all", "fastjsonschema", 0.15),
    Target("faulty-all", "jsonschema", 0.02),
    Target("body", "json + jsonschema-rs", 1.0),
    Target("post", "json + jsonschema-rs", 1.0),
    Target("asgi", "bare application", 1 / 0.9, " (0.9 of its requests)"),
    Target("asgi-zipf", "bare application", 1 / 0.9, " (0.9 of its requests)"),
    Target("lint-1", "cfn-lint", 1 / 15, " (1/15)"),
    Target("lint-1", "check-jsonschema", 1 / 4, " (1/4)"),
    Target("lint-200", "cfn-lint", 1 / 25, " (1/25)"),
    Target("lint-10000", "cfn-lint", 1 / 25, " (1/25)"),
    Target("import", OURS, 25.0, " ms"),
)


def of(workload: str, engine: str) -> list[Target]:
    return [each for each in TARGETS if (each.workload, each.peer) == (workload, engine)]
