"""Run the tests of the core without the native engine. All other tests use it if it is installed."""

from __future__ import annotations

import os
import subprocess
import sys

from support.paths import ROOT

FILES = ("validator/test_validator.py", "validator/test_fail_closed.py", "compiler/test_compiler.py")


def test_core_tests_pass_without_the_native_engine() -> None:
    files = [f"tests/unit/{each}" for each in FILES]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-x", *files]
    environment = {name: each for name, each in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    environment["LAMBDA_VALIDATE_PURE"] = "1"
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout
