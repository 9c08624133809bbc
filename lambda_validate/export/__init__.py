"""Convert the schemas for other tools: OpenAPI 3.1, AWS API Gateway (draft-04), and self-contained JSON Schema.

Input: an edition, and the names of operations. Output: an `Export`, which is the document and its *losses*: the rules
that this kind of document cannot express. `losses.KINDS` describes each kind of loss.

Most tools ignore `if` and `then`. So conditional rules are expanded into a choice of *branches*, such as one for each
event source. Exactly one branch matches a payload:

    {"if": A, "then": B, "else": C}    becomes    oneOf: [A and B, C without A]

    alternatives, terms   expand a schema into terms, which are sets of values that do not overlap
    branches              write terms as schemas
    forms                 split the members of an operation into parameters and body
    components            collect the types that several operations share
    openapi, api_gateway, json_schema   make the documents
    dialects              convert schemas to older drafts of JSON Schema
"""

from __future__ import annotations

from .api_gateway import api_gateway
from .forms import Export
from .json_schema import json_schema
from .losses import Loss
from .openapi import openapi

__all__ = ["Export", "Loss", "api_gateway", "json_schema", "openapi"]
