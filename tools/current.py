"""Writes `schemas/current/` from the service model of the installed botocore, and the overlays and limits beside it.

    python tools/current.py [--check]

With `--check` nothing is written, and the exit status is 1 where a file would change. A botocore that is older than the
one in `operations.json` is refused: its model lacks what was added later.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import botocore
from botocore.loaders import Loader

from lambda_validate.catalog.models.edition import edition
from lambda_validate.catalog.schema_files import overlay

HERE = Path(__file__).parent.parent / "schemas"
TARGET, OVERLAYS, LIMITS = HERE / "current", HERE / "overlays", HERE / "limits.json"


def service_model() -> Any:
    """Return the Lambda API's model as the installed botocore has it, whatever else a user's folders hold."""
    loader = Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
    return loader.load_service_model("lambda", "service-2")


def files() -> dict[str, str]:
    """Return the text of each file of the edition."""
    overlays = {path.name: overlay(path.name) for path in sorted(OVERLAYS.glob("*.json"))}
    limits = json.loads(LIMITS.read_text("utf-8"))["limits"]
    made = edition("current", service_model(), overlays, limits)
    made["operations.json"]["model"] = {"botocore": botocore.__version__}
    return {name: json.dumps(document, indent=1, ensure_ascii=False) + "\n" for name, document in made.items()}


def refuse_older(present: dict[str, str]) -> None:
    """Stop if the installed botocore is older than the one that the present files are from."""
    recorded = json.loads(present.get("operations.json", "{}")).get("model", {}).get("botocore", "0")
    installed = botocore.__version__
    if [int(part) for part in installed.split(".")] < [int(part) for part in recorded.split(".")]:
        sys.exit(
            f"schemas/current is from botocore {recorded}, and {installed} is installed; run: "
            f"pip install --no-deps --target build/botocore botocore=={recorded} && "
            "PYTHONPATH=build/botocore python tools/current.py"
        )


def main() -> int:
    """Write the files, or tell which would change."""
    present = {path.name: path.read_text("utf-8") for path in TARGET.glob("*.json")}
    refuse_older(present)
    made = files()
    changed = sorted(name for name in made.keys() | present.keys() if made.get(name) != present.get(name))
    for name in changed:
        print(name)
        if "--check" not in sys.argv:
            (TARGET / name).write_text(made[name], "utf-8") if name in made else (TARGET / name).unlink()
    return int("--check" in sys.argv and bool(changed))


if __name__ == "__main__":
    sys.exit(main())
