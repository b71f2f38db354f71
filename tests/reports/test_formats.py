"""Every format on every kind of walk, and on walks whose peers are hostile."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import jsonschema
import msgspec
import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from msgspec.structs import replace

from mxwalk.errors import UsageError
from mxwalk.evidence.connection import Exchanged, Handshaken
from mxwalk.evidence.dns import RRset
from mxwalk.evidence.lookups import MxLookedUp
from mxwalk.evidence.schema import trace_schema
from mxwalk.evidence.step import StepKind
from mxwalk.reports.model import Report
from mxwalk.reports.render import FORMATS, formats_for, render, suffix
from mxwalk.reports.schema import report_schema, shipped
from mxwalk.text import visible
from tests.evidence.strategies import traces
from tests.findings.builders import inside
from tests.generated import examples
from tests.hostile import HOSTILE
from tests.reports.samples import NAMES, hostile_trace, lab_trace

REPORT = jsonschema.Draft202012Validator(report_schema())
TRACE = jsonschema.Draft202012Validator(trace_schema())
VOID = {"meta", "br"}
TAGS = {
    "html", "head", "meta", "title", "style", "body", "main", "header", "h1", "h2", "h3", "p", "section", "nav",
    "ul", "li", "a", "div", "table", "thead", "tbody", "tr", "th", "td", "caption", "span", "code", "pre", "br",
    "article", "dl", "dt", "dd", "strong", "footer", "details", "summary", "h4",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "scope", "aria-label", "tabindex",
}  # fmt: skip


class Checker(HTMLParser):
    """Fails on unbalanced tags, unknown tags and attributes, and links that leave the page."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.text, self.ids, self.links = [], [], set(), set()

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in ATTRIBUTES, (tag, name)
            if name == "href":
                assert value.startswith("#")
                self.links.add(value[1:])
            if name == "id":
                assert value not in self.ids
                self.ids.add(value)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def handle_comment(self, data):
        raise AssertionError(data)


def check_html(page: str) -> Checker:
    assert page.startswith("<!DOCTYPE html>\n<html lang=")
    checker = Checker()
    checker.feed(page)
    checker.close()
    assert not checker.open
    assert checker.links <= checker.ids
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src &#39;sha256-{digest}&#39;" in page
    assert "url(" not in style
    assert "@import" not in style
    return checker


def check_markdown(text: str) -> None:
    # GitHub links what has a scheme or begins with "www."; not every name with a dot.
    parser = MarkdownIt("gfm-like")
    parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
    tokens = parser.parse(text)
    headings = [
        tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"
    ]
    assert headings[0].startswith(("Mail delivery to", "Message", "What is published for"))
    assert headings[-1] == "Commands that show the same"
    assert [token.tag for token in tokens if token.type == "heading_open"].count("h1") == 1
    for token in tokens:
        assert token.type != "html_block"
        for child in token.children or ():
            assert child.type not in ("link_open", "image"), child
            if child.type == "html_inline":
                assert child.content in ("<code>", "</code>")


def check_schema(text: str) -> None:
    document = json.loads(text)
    REPORT.validate(document)
    msgspec.json.decode(text, type=Report)


def check(fmt: str, text: str) -> None:
    assert text.endswith("\n")
    for line in text.split("\n"):
        assert line.isprintable(), ascii(line)[:300]
    match fmt:
        case "html":
            check_html(text)
        case "markdown":
            check_markdown(text)
        case "json":
            check_schema(text)
            every = re.compile(r"\\u00[0189][0-9a-f]")
            assert not every.search(text)
        case "trace":
            for line in text.splitlines():
                TRACE.validate(json.loads(line))


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_every_format_on_lab_walks(fmt, name):
    for redacted in (False, True):
        check(fmt, render(lab_trace(name), fmt, sender="esa:5", redacted=redacted))


# Long inputs are cut, since every field of the trace gets them: the sum counts, not the one.
@pytest.mark.parametrize("payload", [item[:1000] for item in HOSTILE], ids=range(len(HOSTILE)))
def test_hostile_peers_break_no_format(payload):
    trace = hostile_trace(payload)
    for fmt in FORMATS:
        check(fmt, render(trace, fmt, sender="esa:5", redacted=fmt == "text"))


@pytest.mark.parametrize("payload", [item[:300] for item in HOSTILE], ids=range(len(HOSTILE)))
def test_hostile_zones_and_tlsa_records_break_no_format(payload):
    trace = hostile_trace(payload, base="dane-mixed")
    for fmt in FORMATS:
        check(fmt, render(trace, fmt, sender="rfc7672"))


@given(traces(max_steps=4))
@examples(25)
def test_any_readable_trace_renders_in_every_format(trace):
    for fmt in formats_for(trace.header.purpose):
        check(fmt, render(trace, fmt, sender="esa:5"))


def test_an_unknown_format_or_sender_is_said_so():
    with pytest.raises(UsageError, match="known are text, markdown, html, json, trace"):
        render(lab_trace("mx-null"), "pdf", sender="esa:5")
    with pytest.raises(UsageError, match="esa:1"):
        render(lab_trace("mx-null"), "json", sender="exim:everything")
    suffixes = [".txt", ".md", ".html", ".json", ".mxtrace", ".tlsrpt.json"]
    assert [suffix(fmt) for fmt in FORMATS] == suffixes


def test_the_shipped_schemas_are_those_of_the_types():
    for path, content in shipped().items():
        assert path.read_text("utf-8") == content, f"run: python -m mxwalk.reports.schema ({path})"
        jsonschema.Draft202012Validator.check_schema(json.loads(content))


def test_json_holds_what_scripts_rely_on():
    document = json.loads(render(lab_trace("esa-hosted"), "json", sender="esa:6"))
    assert document["schema"] == "mxwalk-report-1"
    assert document["exit_code"] == 3
    outcomes = {verdict["sender"]: verdict["outcome"] for verdict in document["verdicts"]}
    assert {sender: found for sender, found in outcomes.items() if sender.startswith("esa:")} == {
        "esa:1": "delivered-clear", "esa:2": "delivered-encrypted", "esa:3": "delivered-encrypted",
        "esa:4": "delivered-verified", "esa:5": "delivered-verified", "esa:6": "deferred",
    }  # fmt: skip
    host = document["hosts"][0]
    assert (host["name"], host["addresses"][0]["address"]) == (
        "mx01.subd.emailhosted.not",
        "192.0.2.1",
    )
    connection = host["addresses"][0]["connections"][0]
    assert connection["handshake"]["protocol"] == "TLSv1.3"
    assert connection["chain"]["trusted"] is True
    assert connection["chain"]["certificates"][0]["dns_names"] == [
        "*.emailhosted.not",
        "emailhosted.not",
    ]
    assert [ehlo["inside_tls"] for ehlo in connection["ehlo"]] == [False, True]
    verify, hosted = connection["identity"][:2]
    assert (verify["verified"], hosted["verified"], hosted["chosen"]) == (True, False, True)
    deciding = next(cell for cell in verify["comparisons"] if cell["decides"])
    assert (deciding["number"], deciding["match"]) == (4, "wildcard")
    assert host["addresses"][0]["ptr_names"] == [
        {"name": "mx0a.emailhosted.not", "confirmed": True}
    ]
    lines = [line["text"] for line in connection["transcript"] if line["layer"] == "clear"]
    assert lines[1] == "EHLO probe.example.net"


def test_json_holds_the_evidence_of_every_address_as_it_came():
    trace = lab_trace("esa-hosted")
    document = json.loads(render(trace, "json", sender="esa:6"))
    shown = {
        exchange["step"]: exchange
        for host in document["hosts"]
        for address in host["addresses"]
        for connection in address["connections"]
        for exchange in connection["exchanges"]
    }
    exchanged = [step for step in trace.steps if isinstance(step.evidence, Exchanged)]
    assert shown.keys() == {step.seq for step in exchanged}
    for step in exchanged:
        assert base64.b64decode(shown[step.seq]["reply_raw"]) == step.evidence.reply
        assert shown[step.seq]["reply"] == visible(step.evidence.reply)
    answer = next(step.evidence.answer for step in trace.steps if step.kind is StepKind.MX)
    lookup = next(item for item in document["lookups"] if item["rtype"] == "MX")
    assert base64.b64decode(lookup["message"]) == answer.wire != b""
    assert len(lookup["authority"]) == len(answer.authority)
    assert document["settings"]["timeouts"] == msgspec.to_builtins(trace.header.options.timeouts)
    assert document["settings"]["trust_anchor"] == trace.header.options.trust_anchor
    assert document["hosts"][0]["addresses"][0]["connections"][0]["handshake"]["ocsp_staple"] == ""


def test_json_holds_the_ocsp_staple_and_the_authority_section():
    def spoiled(step):
        match step.evidence:
            case Handshaken() as seen:
                seen = replace(seen, ocsp_staple=b"\x30\x03\x0a\x01\x00")
            case MxLookedUp() as seen:
                soa = RRset(name="example.com", rtype="SOA", ttl_s=5, records=("a. b. 1 2 3 4 5",))
                seen = replace(seen, answer=replace(seen.answer, authority=(soa,)))
            case seen:
                pass
        return replace(step, evidence=seen)

    trace = lab_trace("esa-hosted")
    trace = replace(trace, steps=tuple(map(spoiled, trace.steps)))
    document = json.loads(render(trace, "json", sender="esa:6"))
    handshake = document["hosts"][0]["addresses"][0]["connections"][0]["handshake"]
    assert base64.b64decode(handshake["ocsp_staple"]) == b"\x30\x03\x0a\x01\x00"
    (authority,) = next(x for x in document["lookups"] if x["rtype"] == "MX")["authority"]
    assert authority == {
        "name": "example.com", "rtype": "SOA", "ttl_s": 5, "records": ["a. b. 1 2 3 4 5"],
    }  # fmt: skip


@pytest.mark.parametrize("count", [50, 51, 3_000])
def test_a_flood_of_ehlo_lines_is_cut_on_pages_and_whole_in_json(count):
    words = [b"250-X%d" % number for number in range(count - 2)]
    reply = b"\r\n".join([b"250-mx01.example.com", *words, b"250 STARTTLS", b""])
    trace = inside().ehlo(reply).delivery().trace
    (ehlo,) = json.loads(render(trace, "json", sender="esa:5"))["hosts"][0]["addresses"][0][
        "connections"
    ][0]["ehlo"]
    assert len(ehlo["lines"]) == count
    page = render(trace, "html", sender="esa:5")
    check_html(page)
    assert page.count("<td><code>250") == min(count, 50)
    text = render(trace, "markdown", sender="esa:5")
    check_markdown(text)
    assert text.count("| `250") == min(count, 50)
    for document in (page, text):
        assert ("more lines" in document) is (count > 50)
        assert (f"and {count - 50} more lines" in document) is (count > 50)


def test_the_report_tells_both_readings_of_a_malformed_ehlo():
    text = render(lab_trace("ehlo-1869"), "text", sender="esa:5")
    assert "is not delivered" in text
    page = render(lab_trace("ehlo-1869"), "html", sender="esa:5")
    assert '<tr class="differs"><td class="number">1</td><td><code>250-STARTTLS</code>' in page
    ehlo = json.loads(render(lab_trace("ehlo-1869"), "json", sender="esa:5"))["hosts"][0][
        "addresses"
    ][0]["connections"][0]["ehlo"][0]
    assert "STARTTLS" in ehlo["lenient"]
    assert "STARTTLS" not in ehlo["strict"]


def test_the_verdict_stands_first_for_someone_who_knows_no_smtp():
    for fmt in ("markdown", "html"):
        page = render(lab_trace("esa-hosted"), fmt, sender="esa:6")
        first = page.index("is not delivered")
        assert first < page.index("Findings") < page.index("Transcript")
    text = render(lab_trace("esa-hosted"), "text", sender="esa:6")
    assert "Who must act: the receiver." in " ".join(text.split())


def test_the_same_trace_gives_the_same_report():
    trace = lab_trace("esa-hosted")
    for fmt in FORMATS:
        assert render(trace, fmt, sender="esa:5") == render(trace, fmt, sender="esa:5")


def test_a_redacted_report_names_no_local_part():
    for fmt in FORMATS:
        text = render(lab_trace("esa-hosted"), fmt, sender="esa:5", redacted=True)
        assert "user@example.com" not in text
        assert "probe.example.net" not in text
        assert fmt == "tlsrpt" or "mx01.subd.emailhosted.not" in text  # it names failing hosts only
