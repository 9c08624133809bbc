"""Build the optional compiled modules. All else about the package is in `pyproject.toml`.

With `LAMBDA_VALIDATE_PURE=1` a wheel for every platform is built, without those modules.

Why not `ext-modules` there: setuptools calls that experimental, in a warning at each build.
"""

import os

from setuptools import Extension, setup

NAMES = ("_engine", "_heads")
MODULES = [
    Extension(f"lambda_validate.native.{name}", [f"lambda_validate/native/{name}.pyx"], optional=True) for name in NAMES
]

setup(ext_modules=[] if os.environ.get("LAMBDA_VALIDATE_PURE") == "1" else MODULES)
