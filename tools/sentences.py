"""Print how long the sentences of the README and of `docs/` are: `python tools/sentences.py [PAGE…]`.

Code blocks, tables, headings and what `tools/pages.py` generates are not counted.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    ROOT / "README.md",
    *(
        page
        for page in sorted((ROOT / "docs").rglob("*.md"))
        if page.relative_to(ROOT / "docs").parts[0] != "_build"
        and (page.parent.name != "rules" or page.name == "index.md")
    ),
]
"""The pages that are counted. The pages of rules belong to the package."""
LONGEST, AVERAGE = 25, 18
GENERATED = re.compile(r"<!-- (\w[\w-]*):begin -->.*?<!-- \1:end -->", re.DOTALL)
FENCED = re.compile(r"^( *)(`{3,})\w*.*?^\1\2$", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
LEFT_OUT = re.compile(r"^ *\|.*$|^#.*$", re.MULTILINE)
ITEM = re.compile(r"^ *(?:[-*]|\d+\.) ", re.MULTILINE)
CODE = re.compile(r"`+[^`]*`+")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
ENDING = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\")]))\s+(?=[A-Z0-9(\"X])")
"""Where a sentence ends."""
WORD = re.compile(r"[^\s\u2013\u2014-]\S*")
"""A word. Dashes between words are none."""


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a page in Markdown. Each word of code within a sentence becomes `X`."""
    for left_out in (GENERATED, FENCED, COMMENT, LEFT_OUT):
        text = left_out.sub("\n\n", text)
    text = LINK.sub(r"\1", ITEM.sub("\n\n", text))
    for paragraph in re.split(r"\n\s*\n", text):
        plain = " ".join(CODE.sub(lambda code: re.sub(r"\S+", "X", code[0]), paragraph).split()).replace("**", "")
        yield from (each for each in ENDING.split(plain) if WORD.search(each))


def length(sentence: str) -> int:
    """Return the number of words."""
    return len(WORD.findall(sentence))


def measured(page: Path) -> list[tuple[int, str]]:
    """Return the length and the words of each sentence of a page."""
    return [(length(each), each) for each in sentences(page.read_text("utf-8"))]


def main(pages: list[Path]) -> int:
    """Print the figures, and each sentence that is too long. Return 1 if a limit is exceeded."""
    found = [(count, page, words) for page in pages for count, words in measured(page)]
    for count, page, words in found:
        if count > LONGEST:
            print(f"{page}: {count} words: {words}")
    longest, average = max(each[0] for each in found), sum(each[0] for each in found) / len(found)
    print(f"{len(found):,} sentences in {len(pages)} pages; the longest has {longest} words; {average:.1f} on average")
    return int(longest > LONGEST or average > AVERAGE)


if __name__ == "__main__":
    sys.exit(main([Path(each) for each in sys.argv[1:]] or PAGES))
