"""Define objects that JSON cannot hold: endless, deep or huge ones, and ones that lie about their type or raise."""

from __future__ import annotations

import datetime
import decimal
import enum
import math
import sys
from collections import ChainMap, OrderedDict, UserDict, deque
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any


class Hostility(RuntimeError):
    """The exception that hostile objects raise."""


def refuse(*arguments: object, **options: object) -> Any:
    raise Hostility


LOOKED_AT = """__eq__ __ne__ __lt__ __le__ __gt__ __ge__ __hash__ __str__ __repr__ __format__ __bool__ __len__ __iter__
    __contains__ __getitem__ __int__ __index__ __float__ keys values items get copy is_integer startswith split
    rpartition count endswith __reversed__""".split()  # noqa: SIM905  # a list of words, read as one
REFUSING = dict.fromkeys(LOOKED_AT, refuse)


def refusing(kind: type) -> Any:
    """Return a subclass of a built-in type whose methods all raise."""
    return type(f"Refusing{kind.__name__}", (kind,), {**REFUSING, "__module__": __name__})


def lying(kind: type) -> Any:
    """Return an object whose class pretends to be another."""
    return type(f"Lying{kind.__name__}", (), {"__class__": property(lambda self: kind)})()


class Classless:
    __repr__ = __str__ = refuse

    @property
    def __class__(self) -> Any:
        raise Hostility


class RefusingMeta(type):
    __hash__ = refuse
    __eq__ = refuse

    def __getattribute__(cls, name: str) -> Any:
        raise Hostility


class Nameless(metaclass=RefusingMeta):
    """An object whose class reveals nothing, not even its name."""


class Colliding:
    """A key that looks equal to a string until the two are compared."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __hash__(self) -> int:
        return hash(self.name)

    __eq__ = refuse


class Endless(Mapping[str, int]):
    def __len__(self) -> int:
        return 1

    def __iter__(self) -> Iterator[str]:
        count = 0
        while True:
            count += 1
            yield f"member {count}"

    def __getitem__(self, key: str) -> int:
        return 1


class RefusingMapping(Mapping[str, int]):
    __len__ = __iter__ = __getitem__ = refuse


class Index:
    """A number like those of array libraries, which are no int."""

    def __index__(self) -> int:
        return 5

    __int__ = __index__


class Level(enum.IntEnum):
    FIVE = 5


class Position(str, enum.Enum):
    LATEST = "LATEST"


def nested(depth: int, kind: type) -> Any:
    value: Any = kind()
    for _ in range(depth):
        value = [value] if kind is list else {"DestinationConfig": value}
    return value


def cycle() -> dict[str, Any]:
    """Return a dict that contains itself as every member that the schemas read."""
    value: dict[str, Any] = {}
    value |= dict.fromkeys(["DestinationConfig", "OnFailure", "OnSuccess", "FilterCriteria", "Destination"], value)
    value["Filters"] = [value]
    return value


SCALARS: dict[str, Any] = {
    "nan": math.nan,
    "infinity": math.inf,
    "minus infinity": -math.inf,
    "5,000 digits": 10**5000,
    "minus 5,000 digits": -(10**5000),
    "1,000,000 characters": "a" * 1_000_000,
    "an ARN of 1,000,000 characters": "arn:aws:sqs:us-east-1:123456789012:" + "a" * 1_000_000,
    "1,000,000 line ends": "\n" * 1_000_000,
    "lone surrogate": "\ud800",
    "surrogate in a name": "orders\udfff",
    "null character": "\x00",
    "bytes": b"orders",
    "bytearray": bytearray(b"orders"),
    "memoryview": memoryview(b"orders"),
    "datetime": datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC),
    "Decimal": decimal.Decimal("1.5"),
    "complex": 1j,
    "int enum": Level.FIVE,
    "str enum": Position.LATEST,
    "index": Index(),
    "refusing str": refusing(str)("orders"),
    "refusing int": refusing(int)(5),
    "refusing float": refusing(float)(5.0),
    "lying str": lying(str),
    "lying int": lying(int),
    "lying float": lying(float),
    "classless": Classless(),
    "nameless": Nameless(),
    "function": len,
    "class": int,
    "nameless class": Nameless,
    "class with an odd name": type("a\n. " + "x" * 1000, (), {})(),
    "module": sys,
    "ellipsis": ...,
    "NotImplemented": NotImplemented,
}

CONTAINERS: dict[str, Any] = {
    "empty": {},
    "cycle": cycle(),
    "100,000 lists": nested(100_000, list),
    "100,000 dicts": nested(100_000, dict),
    "tuple": (),
    "set": {1},
    "range": range(3),
    "deque": deque([1]),
    "generator": (each for each in ()),
    "mapping proxy": MappingProxyType({"FunctionName": "orders"}),
    "UserDict": UserDict(FunctionName="orders"),
    "OrderedDict": OrderedDict(FunctionName="orders"),
    "ChainMap": ChainMap({}, {"FunctionName": "orders"}),
    "refusing dict": refusing(dict)(FunctionName="orders"),
    "refusing list": refusing(list)([1]),
    "refusing tuple": refusing(tuple)([1]),
    "refusing mapping": RefusingMapping(),
    "lying dict": lying(dict),
    "lying list": lying(list),
    "lying mapping": lying(Mapping),
    "names that are no texts": {5: 1, None: 2, (1, 2): 3, True: 4, 1.5: 5, b"FunctionName": 6},
    "refusing names": {Colliding("FunctionName"): 1, Colliding("OnSuccess"): 2, Colliding("Filters"): 3},
    "enum as a name": {Position.LATEST: 1},
    "surrogate as a name": {"\ud800": 1},
    "1,000,000 characters as a name": {"k" * 1_000_000: 1},
    "odd names": {"": 1, "\n": 2, "/": 3, "~": 4, "__class__": 5, "{0}": 6},
}

OBJECTS = SCALARS | CONTAINERS
"""Return every object except the endless one, by name."""
