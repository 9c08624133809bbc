"""Renew what is generated in the README and in `docs/`: `python tools/pages.py [PAGE…]`. Tests compare.

- Parts between markers come from the code: `tools/reference.py`.
- Outputs of examples come from running them: `tools/page_examples.py`. Pages with servers are run with `--servers`
  only, which needs the extra `e2e`.
- The picture of a finding is drawn by `tools/picture.py`.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import page_examples
import picture
import reference
import sentences

ROOT = Path(__file__).resolve().parent.parent


def renewed(page: Path, servers: bool) -> str:
    """Return a page as it should be."""
    text = reference.filled(page.read_text("utf-8"))
    if page_examples.is_end_to_end(text) and not servers:
        return text
    with tempfile.TemporaryDirectory() as folder:
        return page_examples.run(text, Path(folder))


def main(argv: list[str]) -> None:
    """Write the pages that are not current, and name them."""
    os.chdir(ROOT)
    servers = "--servers" in argv
    names = [Path(each).resolve() for each in argv if not each.startswith("--")]
    made = {page: renewed(page, servers) for page in names or sentences.PAGES}
    made |= {} if names else {picture.FILE: picture.drawn()}
    for file, text in made.items():
        if not file.exists() or file.read_text("utf-8") != text:
            file.write_text(text, "utf-8")
            print(f"{file.relative_to(ROOT)} was renewed")


if __name__ == "__main__":
    main(sys.argv[1:])
