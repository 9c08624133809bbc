"""Convert service models, as botocore ships them, into documents of a catalog: one for each operation, when it is
needed.

Input: the content of a `service-2.json`, or a botocore `ServiceModel`. Output: the same documents that `schemas/` has
for an edition, by file name. For example, the shape

    "BatchSize": {"type": "integer", "min": 1, "max": 10000}

becomes the type `{"title": "a whole number", "type": "integer", "minimum": 1, "maximum": 10000}`.

    documents   the documents of a model          shapes, kinds   one schema for each shape and kind of shape
    edition     a model with overlays              drift           compares two sets of documents
    widening    relaxes a schema by a newer model  titles          words for messages, made of names

Only facts are used: names, types, locations, ranges, lengths, patterns, choices, required members, status codes and
exceptions. `Documents.omissions` lists what a model states and the schemas do not.

Terms: a *shape* is a type of a model. A *trait* is a restriction that a member adds to its shape. A *manner* is the way
in which a service writes values, such as times.
"""

from __future__ import annotations

from ...patterns import PatternError
from ...patterns.portable import portable
from .documents import Documents
from .shapes import Omission

__all__ = ["Documents", "Omission", "PatternError", "portable"]
