"""Settings that all tests share."""

from __future__ import annotations

import hypothesis

hypothesis.settings.register_profile("tests", derandomize=True, deadline=None, database=None, print_blob=False)
hypothesis.settings.load_profile("tests")
