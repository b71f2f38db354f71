"""What each kind of document may hold: one check a kind, each by a reader of that kind.

A check yields a sentence for everything that would act on its reader.
"""

import base64
import email
import email.policy
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from email.message import EmailMessage
from html.parser import HTMLParser
from types import MappingProxyType

from markdown_it import MarkdownIt

from tests.hostility.seen import unseen

VOID = frozenset({"meta", "br"})
TAGS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "header",
        "h1",
        "h2",
        "h3",
        "h4",
        "p",
        "section",
        "nav",
        "ul",
        "li",
        "a",
        "div",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "caption",
        "span",
        "code",
        "pre",
        "br",
        "article",
        "dl",
        "dt",
        "dd",
        "strong",
        "footer",
        "details",
        "summary",
    ]
)
ATTRIBUTES = frozenset(
    [
        "lang",
        "charset",
        "http-equiv",
        "content",
        "name",
        "class",
        "id",
        "href",
        "scope",
        "aria-label",
        "tabindex",
    ]
)
_DRAFT_FIELDS = frozenset(
    [
        "x-unsent",
        "from",
        "to",
        "subject",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "content-language",
    ]
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula

Check = Callable[[str], Iterator[str]]


def text(document: str) -> Iterator[str]:
    """Plain text: lines of visible characters."""
    yield from unseen(document)


def json_document(document: str) -> Iterator[str]:
    """JSON: visible as it is written, and readable."""
    yield from unseen(document)
    try:
        json.loads(document)
    except ValueError as error:
        yield f"no JSON: {error}"


def json_values(document: str) -> Iterator[str]:
    """JSON whose every text is visible after it was read, too."""
    wrong = list(json_document(document))
    yield from wrong
    if not wrong:
        for value in _texts(json.loads(document)):
            yield from unseen(value)


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for one in value:
                yield from _texts(one)
        case dict():
            for name, one in value.items():
                yield from unseen(str(name))
                yield from _texts(one)
        case _:
            return


def json_lines(document: str) -> Iterator[str]:
    """Lines of JSON, as traces are; what they hold is escaped, not changed."""
    yield from unseen(document)
    for line in document.rstrip("\n").split("\n"):
        try:
            json.loads(line)
        except ValueError as error:
            yield f"no JSON: {error}: {line[:80]!a}"


def markdown(document: str) -> Iterator[str]:
    """Markdown as forges render it: no link, no image, no HTML but code."""
    yield from unseen(document)
    # GitHub links what has a scheme or begins with "www."; not every name with a dot.
    parser = MarkdownIt("gfm-like")
    assert parser.linkify is not None
    parser.linkify.set({"fuzzy_link": False, "fuzzy_email": True})
    for token in parser.parse(document):
        if token.type in ("html_block", "hr", "lheading_open", "blockquote_open"):
            yield f"{token.type}: {token.content[:80]!a}"
        if token.type == "code_block":
            yield f"an indented code block: {token.content[:80]!a}"
        in_code = False
        for child in token.children or ():
            if child.type in ("link_open", "image", "s_open"):
                yield f"{child.type}: {child.attrs!a} in {token.content[:200]!a}"
            if child.type == "html_inline" and child.content not in ("<code>", "</code>"):
                yield f"HTML: {child.content!a}"
            if child.type == "html_inline":
                in_code = child.content == "<code>"
            if child.type == "text" and not in_code:
                yield from _mentions(child.content)


def _mentions(words: str) -> Iterator[str]:
    """What a forge makes of words that no rule of Markdown names: people and tickets."""
    for found in re.findall(r"(?:^|[\s(\[{])(@[A-Za-z0-9-]+|#[0-9]+|GH-[0-9]+|www\.)", words):
        yield f"a forge makes a message or a link of {found!a}"


class PageReader(HTMLParser):
    """Reads a page: its text, and everything that is not a tag we write."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.text: list[str] = []
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.faults.append(f"a tag {tag!a}")
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self.faults.append(f"an attribute {name!a} of {tag!a}")
            if name == "href":
                if not (value or "").startswith("#"):
                    self.faults.append(f"a link to {value!a}")
                self.links.add((value or "")[1:])
            if name == "id":
                if value in self.ids:
                    self.faults.append(f"two elements called {value!a}")
                self.ids.add(value or "")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"an end of {tag!a} that ends nothing")

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1] != "style":
            self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"a comment {data[:80]!a}")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"an instruction {data[:80]!a}")

    def unknown_decl(self, data: str) -> None:
        self.faults.append(f"a declaration {data[:80]!a}")

    def finish(self) -> None:
        """See that everything was closed, and every link leads somewhere."""
        self.close()
        if self._open:
            self.faults.append(f"left open: {self._open}")
        if astray := self.links - self.ids:
            self.faults.append(f"links that lead nowhere: {sorted(astray)[:5]}")


def html(document: str) -> Iterator[str]:
    """A page of ours: our tags alone, the one style sheet, a policy that forbids the rest."""
    yield from unseen(document)
    if not document.startswith("<!DOCTYPE html>\n<html lang="):
        yield f"it begins with {document[:40]!a}"
    reader = PageReader()
    reader.feed(document)
    reader.finish()
    yield from reader.faults
    style = document.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    if f"default-src &#39;none&#39;; style-src &#39;sha256-{digest}&#39;" not in document:
        yield "the policy is not that of the style sheet"
    if "url(" in style or "@import" in style:
        yield "the style sheet asks for something"


def draft(document: str) -> Iterator[str]:
    """A draft of a mail: the fields we write, each once, one recipient, ASCII, lines by CRLF."""
    if not document.isascii():
        yield "it is not ASCII"
    yield from unseen(document, ends="\r\n")
    head, blank, _ = document.partition("\r\n\r\n")
    if not blank:
        yield "its header does not end"
    names = [line.partition(":")[0].lower() for line in head.split("\r\n") if line[:1] not in " \t"]
    if len(names) != len(set(names)) or not set(names) <= _DRAFT_FIELDS:
        yield f"its fields are {names}"
    message = email.message_from_bytes(
        document.encode("utf-8", "replace"), policy=email.policy.default
    )
    assert isinstance(message, EmailMessage)
    if message.is_multipart() or message.get_content_type() != "text/plain":
        yield f"it is {message.get_content_type()}"
    if len(getattr(message["To"], "addresses", ())) > 1:
        yield f"it goes to {message['To']!a}"
    if message.defects:
        yield f"a mail program finds {message.defects}"
    for value in (message["Subject"] or "", message["To"] or "", message["From"] or ""):
        yield from unseen(str(value))
    yield from unseen(message.get_content().replace("\r\n", "\n"))


def cells(document: str) -> Iterator[str]:
    """Cells of a table for a spreadsheet: none begins a formula."""
    yield from unseen(document, ends="\r\n")
    for line in document.splitlines():
        for cell in line.split(","):
            if cell.strip('"').startswith(_FORMULA):
                yield f"a formula: {cell[:80]!a}"


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "text": text,
        "markdown": markdown,
        "html": html,
        "json": json_values,
        "trace": json_lines,
        "tlsrpt": json_values,
        "eml": draft,
        "csv": cells,
    }
)
