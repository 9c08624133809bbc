"""Test that the benchmark of audits still runs. No other test uses its programs."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from support.paths import ROOT

from lambda_validate.audit import generating


def loaded() -> ModuleType:
    spec = spec_from_file_location("benchmark_of_audits", ROOT / "benchmarks" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["nothing", "decoding", "audit", "json"])
def test_every_program_runs(tmp_path: Path, name: str) -> None:
    generating.write(str(tmp_path), 60, 1)
    benchmark = loaded()
    assert set(benchmark.PROGRAMS) == {"nothing", "decoding", "audit", "json"}
    seconds, memory = benchmark.ran(name, str(tmp_path))
    assert seconds > 0
    assert memory > 0  # it is at least the memory of the test process, which the kernel counts too
