"""Test builds and installations: wheel, sdist, editable install, zip file, and a checkout without installation."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from support.paths import ROOT

pytestmark = pytest.mark.e2e

NOT_SOURCE = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist", "_*.c", "*.so", "*.pyd")
PACKAGES = [sysconfig.get_paths()[name] for name in ("purelib", "platlib")]
"""The location of the dependencies. Each new environment shares them, so that no package index is needed."""

CHECK = """
import lambda_validate as lv
from importlib.metadata import version
from importlib.resources import files
assert lv.is_valid_request("GetFunctionEventInvokeConfig", {"FunctionName": "orders"})
assert not lv.validate_request("CreateEventSourceMapping", {"FunctionName": "orders"})
assert lv.schema("CreateEventSourceMapping", "response")["properties"]
from lambda_validate.validator.rule_pages import page
assert page("batch-size.sqs", "documents").why
"""
INSTALLED = (
    CHECK
    + """
assert version("lambda-validate") == lv.__version__
assert (files("lambda_validate") / "py.typed").is_file()
print(lv.__file__)
"""
)


def run(*command: object, cwd: Path, path: str = "") -> str:
    """Run a command in a folder, with only the required environment variables."""
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV", "COV"))
    }
    done = subprocess.run(
        [str(each) for each in command],
        cwd=cwd,
        env=environment | ({"PYTHONPATH": path} if path else {}),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the checkout, so that no file in it changes."""
    copy = tmp_path_factory.mktemp("source") / "checkout"
    shutil.copytree(ROOT, copy, ignore=NOT_SOURCE)
    return copy


@pytest.fixture(scope="module")
def built(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and the sdist, and return their folder. The wheel is built from the sdist, as for a release."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", folder, source, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def sdist(built: Path) -> Path:
    (found,) = built.glob("*.tar.gz")
    return found


@pytest.fixture
def install(tmp_path: Path) -> Callable[..., tuple[Path, Path]]:
    """Install a package without its dependencies into a new environment. Return its Python and the command."""

    def installed(*what: object) -> tuple[Path, Path]:
        home = tmp_path / "environment"
        venv.create(home, with_pip=True)
        scripts = home / ("Scripts" if os.name == "nt" else "bin")
        run(scripts / "python", "-m", "pip", "install", "--quiet", "--no-deps", *what, cwd=tmp_path)
        (site,) = {run(scripts / "python", "-c", SITE, cwd=tmp_path).strip()}
        Path(site, "lent.pth").write_text("\n".join(PACKAGES))
        return scripts / "python", scripts / "lambda-validate"

    return installed


SITE = "import sysconfig; print(sysconfig.get_paths()['purelib'])"


def engine(command: Path, elsewhere: Path) -> str:
    """Return the engine of an installed command."""
    return run(command, "--version", cwd=elsewhere).splitlines()[1].removeprefix("engine: ")


def assert_works(python: Path, command: Path, elsewhere: Path) -> str:
    """Use the library and the command in an unrelated folder. Return the folder of the library."""
    assert run(command, "operations", cwd=elsewhere).splitlines() != []
    assert "GetFunctionEventInvokeConfig" in run(python, "-m", "lambda_validate", "operations", cwd=elsewhere)
    return str(Path(run(python, "-c", INSTALLED, cwd=elsewhere).strip()).parent)


def test_a_wheel_works_from_anywhere(wheel: Path, install: Callable[..., tuple[Path, Path]], tmp_path: Path) -> None:
    assert "environment" in assert_works(*install(wheel), tmp_path)


def test_an_sdist_works_from_anywhere(sdist: Path, install: Callable[..., tuple[Path, Path]], tmp_path: Path) -> None:
    assert "environment" in assert_works(*install(sdist), tmp_path)


def test_an_editable_install_works_and_follows_its_sources(
    source: Path, install: Callable[..., tuple[Path, Path]], tmp_path: Path
) -> None:
    checkout = tmp_path / "checkout"
    shutil.copytree(source, checkout)
    python, command = install("--editable", checkout)
    assert assert_works(python, command, tmp_path) == str(checkout / "lambda_validate")
    file = checkout / "schemas/documents/GetFunctionEventInvokeConfig.json"
    file.write_text(file.read_text("utf-8").replace('"success": 200', '"success": 299'), "utf-8")
    status = "import lambda_validate as lv; print(lv.operation('GetFunctionEventInvokeConfig').status)"
    assert run(python, "-c", status, cwd=tmp_path) == "299\n"


def test_a_wheel_contains_only_the_package_and_its_data(wheel: Path, source: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    held = {name for name in names if not name.split("/")[0].endswith(".dist-info")}
    code = {str(each.relative_to(source)) for each in (source / "lambda_validate").rglob("*.py")}
    data = {f"lambda_validate/{each.relative_to(source)}" for each in (source / "schemas").rglob("*.json")}
    docs = source / "lambda_validate/docs"
    parts = ("playground_samples", "static", "templates")
    pages = {str(each.relative_to(source)) for part in parts for each in (docs / part).iterdir()}
    pages |= {str(each.relative_to(source)) for each in (source / "lambda_validate/rules").iterdir()}
    others = {"py.typed", "schemas/__init__.py", "native/_engine.pyi", "native/_heads.pyi", "patterns/tables.bin"}
    others |= {"report/service_constraints.json", "report/service_sentences.json"}
    compiled = {
        f"lambda_validate/native/{name}{sysconfig.get_config_var('EXT_SUFFIX')}" for name in ("_engine", "_heads")
    }
    assert held - compiled == code | data | pages | {f"lambda_validate/{each}" for each in others}
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_an_sdist_contains_the_build_inputs(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "lambda_validate/py.typed", "schemas/vocabulary.json"} <= names
    assert {
        "setup.py",
        "lambda_validate/native/_engine.pyx",
        "lambda_validate/native/_heads.pyx",
        "lambda_validate/patterns/tables.bin",
    } <= names


has_compiler = pytest.mark.skipif(shutil.which("cc") is None, reason="there is no compiler for the native engine")


@has_compiler
def test_an_install_builds_the_native_engine(
    source: Path, install: Callable[..., tuple[Path, Path]], tmp_path: Path
) -> None:
    checkout = tmp_path / "checkout"
    shutil.copytree(source, checkout)
    python, command = install("--editable", checkout)
    assert engine(command, tmp_path) == "native"
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", "--force-reinstall", checkout, cwd=tmp_path)
    assert engine(command, tmp_path) == "native"


def test_an_install_without_a_compiler_works(
    sdist: Path, install: Callable[..., tuple[Path, Path]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", "/bin/false")
    python, command = install(sdist)
    assert "environment" in assert_works(python, command, tmp_path)
    assert engine(command, tmp_path) == "Python (the compiled module did not load: ModuleNotFoundError)"


def test_a_wheel_can_be_built_without_the_native_engine(
    sdist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAMBDA_VALIDATE_PURE", "1")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path, sdist, cwd=tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.name.endswith("-py3-none-any.whl")


def test_a_wheel_works_unopened_from_the_path(wheel: Path, tmp_path: Path) -> None:
    path = os.pathsep.join([str(wheel), *PACKAGES])
    out = run(sys.executable, "-S", "-c", f"{CHECK}\nprint(lv.__file__)", cwd=tmp_path, path=path)
    assert out.startswith(str(wheel))


def test_a_checkout_works_without_an_install(source: Path, tmp_path: Path) -> None:
    path = os.pathsep.join([str(source), *PACKAGES])
    out = run(sys.executable, "-S", "-c", f"{CHECK}\nprint(lv.__file__)", cwd=tmp_path, path=path)
    assert out.startswith(str(source))
    assert "CreateEventSourceMapping" in run(
        sys.executable, "-S", "-m", "lambda_validate", "operations", cwd=source, path=path
    )
