"""Build the optional compiled module. All else about the package is in `pyproject.toml`.

Why not `ext-modules` there: setuptools calls that experimental, in a warning at each build.
"""

from setuptools import Extension, setup

setup(ext_modules=[Extension("lambda_validate.native._engine", ["lambda_validate/native/_engine.pyx"], optional=True)])
