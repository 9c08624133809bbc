"""`python -m lambda_validate` is the command `lambda-validate`."""

from __future__ import annotations

from .cli import main

raise SystemExit(main())
