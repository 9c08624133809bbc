"""Timestamps that formats write as text, as the API has them: in Unix seconds."""

from __future__ import annotations

import re
from datetime import datetime

WRITTEN = re.compile(
    r"(?P<whole>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?P<fraction>\.[0-9]+)?(?P<zone>Z|[-+][0-9]{2}:[0-9]{2})"
)
"""RFC 3339, section 5.6, as Go's time.RFC3339 has it."""
LONGEST = 60
"""Characters that are looked at: nobody measures any closer."""


def seconds(text: object) -> float | None:
    """Return the Unix seconds of an RFC 3339 timestamp, None of anything else."""
    match = WRITTEN.fullmatch(text) if isinstance(text, str) and len(text) <= LONGEST else None
    if match is None:
        return None
    try:
        moment = datetime.fromisoformat(match["whole"] + match["zone"].replace("Z", "+00:00")).timestamp()
    except (ValueError, OverflowError):
        return None
    return moment + float(f"0{match['fraction'] or ''}")
