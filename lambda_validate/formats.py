"""The formats of the schemas: functions that check strings, such as `is_queue_arn`, and all of them in `FORMATS`.

`lambda_validate.format_checker` gives them to other validators.
"""

from __future__ import annotations

from .catalog.formats import (
    FORMATS,
    STATED,
    is_consumer_arn,
    is_destination_arn,
    is_event_source_arn,
    is_filter_pattern,
    is_function_arn,
    is_function_name,
    is_qualifier,
    is_queue_arn,
    is_stream_arn,
    is_table_stream_arn,
)

__all__ = [
    "FORMATS",
    "STATED",
    "is_consumer_arn",
    "is_destination_arn",
    "is_event_source_arn",
    "is_filter_pattern",
    "is_function_arn",
    "is_function_name",
    "is_qualifier",
    "is_queue_arn",
    "is_stream_arn",
    "is_table_stream_arn",
]
