"""The files of the reference of an edition, by path. A page is made when it is requested.

Pages contain neither a date nor a host name, so that the same edition always gives the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any

from ..catalog import DIRECTIONS, EDITIONS, Catalog, find
from ..validator import Validator
from ..validator.rule_pages import page as rule_page
from ..validator.rules import Rule
from .members import Shape, shape
from .pages import OperationPage, RulesPage, every_rule, operation_page, rules_pages
from .rendering import asset, rendered, samples

ASSETS = ("site.css", "site.js")
PLAYGROUND_ASSETS = ("playground.css", "playground.js")
PARTS = (*DIRECTIONS, "patterns")
"""The parts of an operation's reference. Each has a page of its own if the operation has many rules."""
ON_ONE_PAGE = 150
"""If an operation has at most this many statements, all its parts are on one page, which has less than 200,000
bytes."""
INDEX = "static/index.js"
ABOUT: Mapping[str, str] = {"current": "today's API", "documents": "two operations, as their documents describe them"}
"""What the reference of each edition describes."""
TITLES: Mapping[str, str] = {
    "ack.yaml": "ACK", "cloudformation.yaml": "CloudFormation", "crossplane.yaml": "Crossplane",
    "request.json": "Request in JSON", "sam.yaml": "SAM", "serverless.yml": "Serverless Framework",
    "terraform.tf": "Terraform",
}  # fmt: skip
"""The title of each sample of the playground, by the name of its file."""
KINDS: Mapping[str, str] = {"request.json": "request:CreateEventSourceMapping"}
"""For samples whose format cannot be recognised from their content, what they are: `request:OPERATION`."""


class Site:
    """The reference pages of an edition.

    With `playground`, there is also a page with a form to check content, which needs the playground's server. `edition`
    is `"documents"` by default; the command `docs` and the playground pass `"current"`. `others` has links to the
    sites of other editions, by edition.
    """

    def __init__(
        self, edition: str | Catalog = "documents", playground: bool = False, others: Mapping[str, str] | None = None
    ) -> None:
        self.catalog, self.has_playground, self.others = find(edition), playground, others or {}
        self.validator = Validator(self.catalog)
        self._shapes: dict[tuple[str, str], Shape] = {}
        self._made: OperationPage | None = None

    @cached_property
    def paths(self) -> dict[str, Callable[[], bytes]]:
        """For each file of the site, by path, the function that makes it: pages, styles, scripts and search index."""
        names = [*ASSETS, *(PLAYGROUND_ASSETS if self.has_playground else ())]
        found: dict[str, Callable[[], bytes]] = {f"static/{name}": partial(asset, name) for name in names}
        found[INDEX] = self._index
        found["index.html"] = self._front
        for name in self.catalog.operations:
            for parts in self._parts(name):
                found[f"operations/{_file(name, parts[0])}"] = partial(self._operation, name, parts)
        for page in self._rules_pages:
            found[page.name] = partial(self._rules, page)
        if self.has_playground:
            found["playground.html"] = self._playground
        return found

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield every file of the site, as its path and its content."""
        yield from ((path, make()) for path, make in self.paths.items())

    @cached_property
    def _every_rule(self) -> list[Rule]:
        return every_rule(self.catalog)

    @cached_property
    def _rules_pages(self) -> list[RulesPage]:
        return rules_pages(self._every_rule)

    @cached_property
    def _page_of_rule(self) -> dict[str, str]:
        return {rule.id: page.name for page in self._rules_pages for rule in page.rules}

    def rule_link(self, rule: str) -> str:
        """Return the link to the description of a rule, relative to the root of the site."""
        return f"{self._page_of_rule.get(rule, self._rules_pages[0].name)}#{rule}"

    def _page(self, template: str, title: str, here: str, **facts: Any) -> bytes:
        from ..base.version import VERSION

        text = rendered(
            template,
            title=title,
            here=here,
            root="../" * here.count("/"),
            edition=self.catalog.name,
            operations=self.catalog.operations,
            has_playground=self.has_playground,
            others=self.others,
            first_rules_page=self._rules_pages[0].name,
            rule_link=self.rule_link,
            file_of=_file,
            version=VERSION,
            **facts,
        )
        return text.encode()

    def _front(self) -> bytes:
        listed = [self.catalog.operation(name) for name in self.catalog.operations]
        name = self.catalog.name
        elsewhere = next((edition for edition in EDITIONS if edition != name), "") if name in EDITIONS else ""
        return self._page(
            "index.html", "Reference", "index.html", listed=listed, rule_count=len(self._every_rule),
            elsewhere=elsewhere, about=ABOUT,
        )  # fmt: skip

    def _shape(self, name: str, direction: str) -> Shape:
        if (name, direction) not in self._shapes:
            self._shapes[name, direction] = shape(self.catalog.operation(name), direction)
        return self._shapes[name, direction]

    def _parts(self, name: str) -> tuple[tuple[str, ...], ...]:
        """Return for each page about an operation the parts of the reference that it shows, such as `("request",)`.

        All parts are on one page. If the operation has more than `ON_ONE_PAGE` statements, each part has its own page.
        """
        count = sum(len(self._shape(name, direction).statements) for direction in DIRECTIONS)
        return (PARTS,) if count <= ON_ONE_PAGE else tuple((part,) for part in PARTS)

    def _operation(self, name: str, parts: tuple[str, ...]) -> bytes:
        if self._made is None or self._made.operation.name != name:
            shapes = {direction: self._shape(name, direction) for direction in DIRECTIONS}
            self._made = operation_page(self.catalog.operation(name), shapes, self.validator)
        at = {part: "" if part in parts else _file(name, part) for part in PARTS}
        title = name if parts[0] == PARTS[0] else f"{name}: {parts[0]}"
        here = f"operations/{_file(name, parts[0])}"
        return self._page("operation.html", title, here, page=self._made, parts=parts, at=at)

    def _rules(self, page: RulesPage) -> bytes:
        title = f"Rules: {page.initial}" if page.initial else "Rules"
        about = {rule.id: found for rule in page.rules if (found := rule_page(rule.id, self.catalog))}
        return self._page("rules.html", title, page.name, page=page, pages=self._rules_pages, about=about)

    def _playground(self) -> bytes:
        from .checking import MAX_CONTENT_BYTES

        made = [(TITLES.get(name, name), KINDS.get(name, ""), text) for name, text in samples()]
        return self._page("playground.html", "Playground", "playground.html", largest=MAX_CONTENT_BYTES, samples=made)

    def _index(self) -> bytes:
        """Return the search index as a script.

        A page that is opened from a disk can load scripts, but no other data.
        """
        text = json.dumps(list(self._entries()), ensure_ascii=True, separators=(",", ":"))
        return f"window.lambdaValidateIndex={text};\n".encode()

    def _entries(self) -> Iterator[tuple[str, str, str]]:
        """Yield the entries of the search index: a name to search for, its description and a link."""
        for name in self.catalog.operations:
            yield name, "operation", f"operations/{_file(name)}"
        for rule in self._every_rule:
            yield rule.id, rule.statements[0].replace("`", ""), self.rule_link(rule.id)
        for name in self.catalog.operations:
            for direction in DIRECTIONS:
                page = next(parts[0] for parts in self._parts(name) if direction in parts)
                for row in self._shape(name, direction).members:
                    yield row.name, f"{name} {direction}", f"operations/{_file(name, page)}#{direction}.{row.name}"


def _file(name: str, part: str = PARTS[0]) -> str:
    """Return the name of the file for a part of an operation's reference, such as `Invoke.response.html`.

    Unusual characters of the operation's name become hyphens.
    """
    plain = re.sub(r"[^A-Za-z0-9_-]", "-", name)
    return f"{plain}.html" if part == PARTS[0] else f"{plain}.{part}.html"
