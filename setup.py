"""Build the optional compiled module. All else about the package is in `pyproject.toml`.

With `LAMBDA_VALIDATE_PURE=1` a wheel for every platform is built, without that module.

Why not `ext-modules` there: setuptools calls that experimental, in a warning at each build.
"""

import os

from setuptools import Extension, setup

ENGINE = Extension("lambda_validate.native._engine", ["lambda_validate/native/_engine.pyx"], optional=True)

setup(ext_modules=[] if os.environ.get("LAMBDA_VALIDATE_PURE") == "1" else [ENGINE])
