"""Generate valid and invalid payloads of each operation, new ones for every round.

A batch is a list of JSON strings. The measuring code parses them, as a server would, so that every string is a new
object without a cached hash. The same seed gives the same batch. Sources, forms of the function name and kinds of
destination alternate, so that the start of a batch has the same mix as the whole.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Payload = dict[str, Any]
Maker = Callable[[random.Random, int], list[Payload]]

REGIONS = ("us-east-1", "us-west-2", "eu-central-1", "ap-southeast-2", "us-gov-west-1")
STATES = ("Creating", "Enabling", "Enabled", "Disabling", "Disabled", "Updating", "Deleting")
SHARED = 200
"""The number of distinct identifiers of each kind, if they repeat."""


class Ids(NamedTuple):
    """The characters of names."""

    place: str
    name: str

    @classmethod
    def draw(cls, chance: random.Random) -> Ids:
        account = f"{chance.randrange(10**12):012}"
        return cls(f"{chance.choice(REGIONS)}:{account}", f"part-{chance.randrange(16**9):09x}")


SOURCES: dict[str, tuple[str, int, tuple[str, ...]]] = {
    "stream": ("arn:aws:kinesis:{place}:stream/{name}", 10_000, ("TRIM_HORIZON", "LATEST", "AT_TIMESTAMP")),
    "table": ("arn:aws:dynamodb:{place}:table/{name}/stream/2024-06-10T19:26:16.525", 1000, ("TRIM_HORIZON", "LATEST")),
    "queue": ("arn:aws:sqs:{place}:{name}", 10, ("TRIM_HORIZON", "LATEST")),
    "consumer": (
        "arn:aws:kinesis:{place}:stream/{name}/consumer/reader:1571642825",
        10_000,
        ("LATEST", "AT_TIMESTAMP"),
    ),
    "fifo": ("arn:aws:sqs:{place}:{name}.fifo", 10, ("TRIM_HORIZON", "LATEST")),
}
"""Every documented source, with its ARN, its maximum batch size and its positions.

A queue has no position, but the documents do not state this, and each request needs seven members.
"""
NAMES = ("{name}", "arn:aws:lambda:{place}:function:{name}", "{name}:live", "arn:aws:lambda:{place}:function:{name}:7",
         "{place}:function:{name}")  # fmt: skip
DESTINATIONS = ("arn:aws:sqs:{place}:{name}", "arn:aws:lambda:{place}:function:{name}", "arn:aws:sns:{place}:{name}",
                "arn:aws:events:{place}:event-bus/{name}", "arn:aws:s3:::{name}")  # fmt: skip
TURNS = len(SOURCES) * len(NAMES)
"""After this many payloads, every source has occurred with every form of a name."""


def filled(template: str, ids: Ids) -> str:
    return template.format(place=ids.place, name=ids.name)


def turns(count: int) -> Iterator[tuple[tuple[str, int, tuple[str, ...]], str]]:
    return itertools.islice(itertools.cycle(itertools.product(SOURCES.values(), NAMES)), count)


def mapping(chance: random.Random, source: tuple[str, int, tuple[str, ...]], ids: Ids, function: str) -> Payload:
    """Return a valid request with seven members."""
    arn, most, positions = source
    return {
        "EventSourceArn": filled(arn, ids),
        "FunctionName": function,
        "BatchSize": chance.randint(1, most),
        "Enabled": chance.random() < 0.8,
        "MaximumBatchingWindowInSeconds": chance.randint(0, 300),
        "StartingPosition": chance.choice(positions),
        "StartingPositionTimestamp": chance.randint(1_500_000_000, 1_900_000_000),
    }


def distinct(chance: random.Random, count: int) -> list[Payload]:
    """Return identifiers that never repeat."""
    return [mapping(chance, source, Ids.draw(chance), filled(name, Ids.draw(chance))) for source, name in turns(count)]


def repeated(chance: random.Random, count: int) -> list[Payload]:
    """Return 200 identifiers of each kind. The nth occurs a nth as often as the first (Zipf's law)."""
    known = random.Random(SHARED)  # the same ones in every round
    ids = [Ids.draw(known) for _ in range(SHARED)]
    sources, names = list(SOURCES.values()), [filled(NAMES[n % len(NAMES)], each) for n, each in enumerate(ids)]
    weights = [1 / rank for rank in range(1, SHARED + 1)]
    drawn = chance.choices(range(SHARED), weights, k=count)
    functions = chance.choices(names, weights, k=count)
    return [
        mapping(chance, sources[number % len(sources)], ids[number], function)
        for number, function in zip(drawn, functions, strict=True)
    ]


FAULTS: tuple[Callable[[Payload], Payload], ...] = (
    lambda payload: {"FunctionName": payload["FunctionName"] + " 2"},
    lambda payload: {"EventSourceArn": payload["EventSourceArn"].split("/stream/")[0] + "/a b"},
    lambda payload: {"BatchSize": payload["BatchSize"] + 10_000 if payload["Enabled"] else -payload["BatchSize"]},
    lambda payload: {"Enabled": "true"},
    lambda payload: {"MaximumBatchingWindowInSeconds": 301},
    lambda payload: {"StartingPosition": "NEWEST"},
    lambda payload: {"StartingPositionTimestamp": "2018-11-02T03:11:49Z"},
    lambda payload: {"Batchsize": 1},
)
"""Changes that break one rule each: pattern, resource, minimum or maximum, type, size, enum, and name."""


def faulty(chance: random.Random, count: int) -> list[Payload]:
    """Return requests with three to six faults."""
    made = []
    for payload in distinct(chance, count):
        for fault in chance.sample(FAULTS, chance.randint(3, 6)):
            payload |= fault(payload)
        made.append(payload)
    return made


def settings_request(chance: random.Random, count: int) -> list[Payload]:
    """Return the parameters of a GET: a function name, and usually a qualifier."""
    qualifiers = ("live", "7", "$LATEST", None)
    made = []
    for _, name in turns(count):
        each = None if name[-1] != "}" else chance.choice(qualifiers)  # a name with a suffix needs no other qualifier
        made.append({"FunctionName": filled(name, Ids.draw(chance))} | ({"Qualifier": each} if each else {}))
    return made


def settings_response(chance: random.Random, count: int) -> list[Payload]:
    """Return a response of GetFunctionEventInvokeConfig."""
    made = []
    for number in range(count):
        ids = Ids.draw(chance)
        failure = filled(DESTINATIONS[number % len(DESTINATIONS)], Ids.draw(chance))
        success = filled(DESTINATIONS[number % (len(DESTINATIONS) - 1)], Ids.draw(chance))  # no bucket for successes
        made.append({
            "DestinationConfig": {"OnFailure": {"Destination": failure}, "OnSuccess": {"Destination": success}},
            "FunctionArn": filled("arn:aws:lambda:{place}:function:{name}:7", ids),
            "LastModified": chance.randint(1_500_000_000, 1_900_000_000),
            "MaximumEventAgeInSeconds": chance.randint(60, 21_600),
            "MaximumRetryAttempts": chance.randint(0, 2),
        })  # fmt: skip
    return made


def mapping_response(chance: random.Random, count: int) -> list[Payload]:
    """Return a response of CreateEventSourceMapping with every documented member."""
    made = []
    for (arn, most, _), _name in turns(count):
        ids = Ids.draw(chance)
        made.append({
            "BatchSize": chance.randint(1, most),
            "EventSourceArn": filled(arn, ids),
            "FunctionArn": filled("arn:aws:lambda:{place}:function:{name}", ids),
            "LastModified": chance.randint(1_500_000_000, 1_900_000_000),
            "LastProcessingResult": "No records processed",
            "MaximumBatchingWindowInSeconds": chance.randint(0, 300),
            "State": chance.choice(STATES),
            "StateTransitionReason": "User action",
            "UUID": f"{chance.getrandbits(128):032x}",
        })  # fmt: skip
    return made


def batch(make: Maker, seed: str, count: int) -> list[str]:
    """Return the JSON strings of a batch."""
    return [json.dumps(each) for each in make(random.Random(seed), count)]


def parsed(texts: list[str]) -> list[Payload]:
    """Parse each JSON string separately, so that no string object has a cached hash."""
    return [json.loads(each) for each in texts]
