"""Runs the tests of the native engine with AddressSanitizer and UndefinedBehaviorSanitizer; needs gcc and Cython.

    python tools/sanitize.py [ARGUMENT OF PYTEST ...]

The checkout is copied, so that its own compiled module stays as it is. Any report of a sanitizer ends the run, with
the exit status of pytest or of the sanitizer. Leaks are not looked for: the interpreter itself leaves memory behind.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
IGNORED = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist", "_*.c", "*.so", "*.pyd")
FLAGS = "-g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined"
TESTS = (
    "tests/oracles/test_native.py",
    "tests/unit/native/test_engine.py",
    "tests/unit/validator/test_json_parsers.py",
    "tests/http/test_http_heads.py",
    "tests/unit/base/test_spelling.py",
    "tests/unit/compiler/test_messages.py",
)


def library(name: str) -> str:
    """Return the path of one of the libraries of gcc."""
    done = subprocess.run(["gcc", f"-print-file-name={name}"], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def main() -> int:
    """Build, run the tests, and return their exit status."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "checkout")
        shutil.copytree(ROOT, copy, ignore=IGNORED)
        build = {**os.environ, "CC": "gcc", "CFLAGS": FLAGS, "LDFLAGS": "-fsanitize=address,undefined"}
        build.pop("LAMBDA_VALIDATE_PURE", None)
        subprocess.run([sys.executable, "setup.py", "-q", "build_ext", "--inplace"], cwd=copy, env=build, check=True)
        run = {
            **build,
            "LD_PRELOAD": " ".join(map(library, ("libasan.so", "libubsan.so", "libstdc++.so.6"))),
            "ASAN_OPTIONS": "detect_leaks=0",
            "UBSAN_OPTIONS": "print_stacktrace=1",
            "PYTHONMALLOC": "malloc",  # so that each object is guarded
            "PYTHONPATH": str(copy),
        }
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *(sys.argv[1:] or TESTS)]
        return subprocess.run(command, cwd=copy, env=run, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
