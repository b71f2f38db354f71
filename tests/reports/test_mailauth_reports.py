"""Reports on message walks and surveys: what they hold, and what they do not."""

import json
import re

import pytest

from mxwalk.errors import UsageError
from mxwalk.evidence.trace import Purpose
from mxwalk.reports.render import FORMATS, formats_for, render
from mxwalk.reports.view import build_view
from tests.hostile import HOSTILE
from tests.reports.golden_text import GOLDEN, NAMES, current
from tests.reports.samples import hostile_trace, lab_trace
from tests.reports.test_formats import check

MESSAGES = ("dkim-good", "dmarc-mailing-list", "dmarc-arc", "spf-too-many-lookups", "dkim-tiny-key")
DOMAINS = ("domain-monitoring", "domain-deny-all", "domain-broken-records", "domain-servfail")


@pytest.mark.parametrize("name", NAMES)
def test_the_text_report_is_as_agreed(name):
    expected = (GOLDEN / f"{name}.txt").read_text("utf-8")
    assert current(name) == expected, "after a wanted change: python -m tests.reports.golden_text"


@pytest.mark.parametrize("name", [*MESSAGES, *DOMAINS])
def test_every_format_is_well_formed(name):
    trace = lab_trace(name)
    for fmt in formats_for(trace.header.purpose):
        for redacted in (False, True):
            check(fmt, render(trace, fmt, sender="", redacted=redacted))


# Long inputs are cut, since every field of the trace gets them: the sum counts, not the one.
@pytest.mark.parametrize("base", ["dmarc-arc", "domain-broken-records"])
@pytest.mark.parametrize("payload", [item[:300] for item in HOSTILE], ids=range(len(HOSTILE)))
def test_hostile_messages_and_records_break_no_format(payload, base):
    trace = hostile_trace(payload, base=base)
    for fmt in formats_for(trace.header.purpose):
        check(fmt, render(trace, fmt, sender="", redacted=fmt == "text"))


@pytest.mark.parametrize("name", ["dkim-good", "domain-monitoring"])
def test_a_tls_report_is_on_deliveries_only(name):
    trace = lab_trace(name)
    with pytest.raises(UsageError, match=r"a report on deliveries; a walk of a (message|domain)"):
        render(trace, "tlsrpt", sender="")
    assert formats_for(Purpose.DELIVERY) == FORMATS


@pytest.mark.parametrize("name", ["dkim-good", "domain-monitoring"])
@pytest.mark.parametrize("fmt", ["markdown", "html", "text"])
def test_no_word_of_a_delivery_stands_in_a_report_on_something_else(name, fmt):
    text = render(lab_trace(name), fmt, sender="")
    for word in ("Mail delivery to", "each sender", "SENDERS", "Mail to", "from a sender set to"):
        assert word not in text
    assert "Transcript" not in text
    assert "Connection to" not in text
    assert "s_client" not in text
    assert "posttls-finger" not in text


def test_a_delivery_has_neither_message_nor_survey():
    document = json.loads(render(lab_trace("esa-san"), "json", sender="esa:5"))
    assert (document["purpose"], document["message"], document["survey"]) == (
        "delivery",
        None,
        None,
    )
    page = render(lab_trace("esa-san"), "html", sender="esa:5")
    assert 'id="message"' not in page
    assert 'id="published"' not in page


def test_json_of_a_message_holds_tree_signatures_readings_and_headers():
    document = json.loads(render(lab_trace("dmarc-mailing-list"), "json", sender=""))
    assert document["purpose"] == "message"
    message = document["message"]
    assert message["author_domain"] == "example.com"
    assert message["client_ip"]["origin"] == "given"
    mailfrom, helo = message["spf"]
    assert (mailfrom["identity"], mailfrom["result"], helo["identity"]) == (
        "mailfrom",
        "pass",
        "helo",
    )
    first = mailfrom["root"]["nodes"][0]
    assert (first["text"], first["outcome"], first["lookups"]) == ("a", "match", 1)
    assert first["asked"][0]["records"] == ["203.0.113.44"]
    results = [(one["domain"], one["result"], one["reason"]) for one in message["signatures"]]
    assert results == [
        ("lists.example.org", "pass", "valid"),
        ("example.com", "fail", "the body is not what was signed"),
    ]
    tags = {tag["name"]: tag["meaning"] for tag in message["signatures"][0]["tags"]}
    assert tags["bh"] == "the hash of the canonical body, 32 octets"
    assert message["signatures"][0]["key"]["bits"] == 2048
    assert [one["reading"] for one in message["dmarc"]] == ["RFC 9989", "RFC 7489"]
    assert {one["result"] for one in message["dmarc"]} == {"fail"}
    assert [one["organizational"] for one in message["dmarc"][1]["alignments"]] == [
        "example.org",
        "example.org",
        "example.com",
    ]
    assert [one["name"] for one in message["written"]][-1] == "Authentication-Results"
    assert {one["sender"] for one in document["verdicts"]} == {
        "rfc9989",
        "rfc7489",
        "esa",
        "esa-guide",
    }
    assert document["hosts"] == []


def test_the_tree_of_spf_counts_as_it_goes_and_goes_into_includes():
    text = render(lab_trace("spf-too-many-lookups"), "text", sender="")
    counts = [int(number) for number in re.findall(r"\[(\d+)/10", text)]
    assert max(counts) >= 10
    tree = text[text.index("check_host(") :]
    assert re.search(r"^ +· include:_spf.news.test  \[3/10\] no match", tree, re.MULTILINE)
    assert re.search(r"^ {13}_spf.news.test: v=spf1 ip4:198.51.100.0/28 -all$", tree, re.MULTILINE)
    assert re.search(r"^ {15}= fail$", tree, re.MULTILINE)
    assert "✗ include:_spf.shop.test  [11/10] error" in tree
    assert "result permerror" in tree


def test_one_block_where_both_readings_agree_and_two_where_they_do_not():
    same = render(lab_trace("dkim-good"), "text", sender="")
    assert "RFC 9989 and RFC 7489: author domain example.com, pass" in same
    differs = render(lab_trace("dmarc-tree-differs"), "text", sender="")
    assert "         RFC 9989: author domain" in differs
    assert "         RFC 7489: author domain" in differs


def test_the_judge_may_be_chosen_and_is_named():
    report = build_view(lab_trace("dmarc-fail-reject"), "rfc7489")
    assert report.report.sender == "rfc7489"
    assert int(report.exit_code) == 3
    text = render(lab_trace("dmarc-fail-reject"), "text", sender="rfc7489")
    assert "receiver rfc7489" in text.splitlines()[1]
    assert "\n> RFC 7489 receiver" in text


def test_a_survey_tells_every_area_in_its_state():
    report = build_view(lab_trace("domain-servfail"), "").report
    assert report.survey is not None
    states = {area.name: area.state for area in report.survey.areas}
    assert states["SPF"] == "published"
    assert states["DMARC"] == "unknown"  # SERVFAIL is not "nothing published"
    assert states["MTA-STS"] == "not published"
    nothing = build_view(lab_trace("domain-nothing"), "").report
    assert nothing.survey is not None
    states = {area.name: area.state for area in nothing.survey.areas}
    assert states["SPF"] == states["DMARC"] == "not published"
    broken = build_view(lab_trace("domain-broken-records"), "").report
    assert broken.survey is not None
    assert "faulty" in {area.state for area in broken.survey.areas}


def test_a_survey_prints_the_records_to_publish():
    trace = lab_trace("domain-monitoring")
    line = 'example.com. IN TXT "v=spf1 mx include:_spf.news.test -all"'
    for fmt in ("text", "markdown", "json"):
        text = render(trace, fmt, sender="")
        assert (line if fmt != "json" else json.dumps(line)[1:-1]) in text
    plan = json.loads(render(trace, "json", sender=""))["survey"]["roll_out"]
    assert plan["current"] == 5
    assert len(plan["stages"]) == 8


def test_what_could_not_be_checked_is_said():
    trace = lab_trace("domain-nothing")
    text = render(trace, "text", sender="")
    assert "mxwalk check --lab domain-nothing" in text
    redacted = render(lab_trace("dkim-good"), "text", sender="", redacted=True)
    flat = " ".join(redacted.split())
    assert "not checked: the body and most header fields (redaction removed them)" in flat
    assert "redacted" in redacted.splitlines()[1]
