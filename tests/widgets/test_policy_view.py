"""The policy view: what senders do in one sentence, record and file in parts, hosts, what to publish."""

from dataclasses import replace

import pytest
from msgspec import structs

from mxwalk.dane.model import Standing
from mxwalk.delivery.build import build_delivery
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.lookups import ResolverChecked
from mxwalk.evidence.step import StepKind
from mxwalk.walk.target import parse_target
from tests.hostile import HOSTILE
from tests.reports.samples import lab_trace
from tests.senders.walks import Walked
from tests.widgets.conftest import Host, text_of
from tests.widgets.policies import (
    ENFORCE,
    MX,
    POLICY,
    RECORD,
    TESTING,
    UNTRUSTED,
    URL,
    World,
    shown,
    txt,
)
from tests.widgets.test_hostile import check
from widgets.glyphs import use_glyphs
from widgets.policy_fields import answer_rows
from widgets.policy_peer import policy_host
from widgets.policy_state import Section, picture
from widgets.policy_view import PolicyView

BROKEN = (
    b"version: STSv1\r\nmode: enforced\nmx: mx1.example.com, mx2.example.com\nfoo: bar\n\n"
    b"max_age: 86400\nmode: testing\n"
)
ONE_UNLISTED = POLICY.replace(b"*.example.com", b"old.example.net")


async def drawn(world: World, *keys: str, width: int = 100) -> tuple[PolicyView, str]:
    view = PolicyView()
    async with Host(view).run_test(size=(width, 40)) as pilot:
        view.show(shown(world.delivery))
        view.focus()
        if keys:
            await pilot.press(*keys)
        return view, text_of(view)


def flat(text: str) -> str:
    return " ".join(text.split())


def rows(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


# -- the sentence ---------------------------------------------------------------------------------


async def test_an_enforced_policy_says_what_senders_do_and_which_host_is_left_out() -> None:
    view, text = await drawn(World(body=ONE_UNLISTED % b"enforce"))
    assert flat(text).startswith(
        "✗ enforce: senders that obey MTA-STS deliver only to hosts that match 2 patterns, with a"
        " certificate of the Web PKI for the host; mx2.example.com matches none of 2"
    )
    assert "kept by senders for up to 7 days" in flat(text)
    assert view.title_words() == "example.com: enforce"


async def test_an_enforced_policy_that_all_hosts_pass_is_green() -> None:
    _, text = await drawn(World())
    assert text.startswith("✓ enforce")


async def test_a_testing_policy_says_that_mail_is_delivered_all_the_same() -> None:
    _, text = await drawn(World(body=TESTING, names={MX[1]: ("other.example.net",)}))
    assert flat(text).startswith(
        "! testing: senders deliver whatever fails, and report it; the certificate of"
        " mx2.example.com fails"
    )


async def test_a_withdrawn_policy_asks_nothing() -> None:
    _, text = await drawn(World(body=b"version: STSv1\nmode: none\nmax_age: 86400\n"))
    assert "• none: the policy is withdrawn: nothing is asked of senders" in text


async def test_without_a_record_nothing_is_asked_and_the_file_is_not_fetched() -> None:
    _, text = await drawn(World(records=(), body=None))
    assert "• no policy: nothing is asked of senders" in text
    assert "not fetched: without a record senders do not ask for one" in text


async def test_a_broken_record_voids_the_policy_and_an_older_one_may_be_cached() -> None:
    _, text = await drawn(World(records=('"v=STSv1; id=2026-11;"',)))
    assert flat(text).startswith("✗ the record is broken: senders ignore the policy; an older")
    assert "cached for up to 365 days" in flat(text)
    assert "✗ id=2026-11 breaks the record" in rows(text)
    assert "senders do not fetch it, since there is no usable record" in flat(text)
    assert '→ publish _mta-sts.example.com. IN TXT "v=STSv1; id=20261121T200000Z;"' in text


@pytest.mark.parametrize(
    ("world", "words"),
    [
        (World(problem="302", status=302, redirects=("https://x.example/",)), "a redirect"),
        (World(problem="404", status=404), "another status"),
        (World(media_type="text/html"), "another media type"),
        (World(problem="no", objection="no", status=0), "the policy host's certificate"),
    ],
)
async def test_a_policy_that_cannot_be_fetched_says_why_and_what_to_mend(
    world: World, words: str
) -> None:
    _, text = await drawn(world)
    assert "✗ the policy cannot be fetched: senders find none" in text
    assert f"policy ✗ no file: {words}" in rows(text)
    assert "nothing to do" not in text
    assert any(row.startswith("1. ") for row in rows(text))


async def test_a_look_up_that_fails_on_our_side_is_unknown_and_not_no_policy() -> None:
    answer = txt("_mta-sts", status=DnsStatus.TIMEOUT, error="no answer within 5 s")
    _, text = await drawn(World(sts=answer, body=None))
    assert "? not known: our own side does not tell" in text
    assert "what is published now is not known" in text


# -- record and file ------------------------------------------------------------------------------


async def test_every_part_of_a_record_has_its_mark_and_other_records_are_passed_over() -> None:
    record = '"v=STSv1; id=2026; " "note=x;"'
    _, text = await drawn(World(records=(record, '"something-else"')))
    assert "✓ v=STSv1 the version" in rows(text)
    assert "✓ id=2026 the policy's id" in rows(text)
    assert "• note=x ignored" in rows(text)
    assert "• 2 strings, joined without blanks" in rows(text)
    assert "• something else: senders pass over it" in rows(text)
    assert 'TXT "v=STSv1; id=2026; " "note=x;"' in rows(text)


async def test_two_records_are_none_and_one_is_to_be_published() -> None:
    _, text = await drawn(World(records=(RECORD, RECORD.replace("2026", "2025"))))
    assert "record ✗ more than one record: for senders there is none" in rows(text)
    assert "• remove all of them but one:" in text


async def test_aliases_of_the_record_are_shown() -> None:
    answer = txt("_mta-sts", RECORD, cname_hops=("_mta-sts.example.net",))
    _, text = await drawn(World(sts=answer))
    assert "_mta-sts.example.com → _mta-sts.example.net followed" in flat(text)


async def test_every_line_of_the_file_is_ok_ignored_or_told_what_is_wrong() -> None:
    _, text = await drawn(World(body=BROKEN))
    found = rows(text)
    assert "1 ✓ version: STSv1 ok" in found
    assert "2 ✗ mode: enforced breaks it" in found
    assert 'the mode is "enforced", not enforce, testing or none (in these letters)' in flat(text)
    assert "3 ! mx: mx1.example.com, mx2.example.com ignored" in found
    assert "4 • foo: bar ignored" in found
    assert "5 ! (empty) ignored" in found
    assert "7 • mode: testing ignored" in found
    assert "✗ the policy is broken: senders ignore it" in text


async def test_how_the_file_was_fetched_is_told() -> None:
    _, text = await drawn(World(remarks=("the server closed early",)))
    found = rows(text)
    assert f"url {URL}" in found
    assert f"answer ✓ 200 ✓ text/plain {len(ENFORCE)} octets" in found
    assert "from 192.0.2.80 in 35 ms" in found
    assert "TLS ✓ TLSv1.3 TLS_AES_256_GCM_SHA384 X25519" in found
    assert "certificate ✓ trusted for mta-sts.example.com ✓ 60 days left Enter: chain" in found
    assert "• the server closed early" in found


# -- hosts ----------------------------------------------------------------------------------------


async def test_hosts_and_patterns_are_compared_both_ways() -> None:
    _, text = await drawn(World(body=ONE_UNLISTED % b"enforce"))
    found = rows(text)
    assert "host 3 4 certificate DANE now enforce" in found
    assert "mx1.example.com = - ✓ valid • none ✓ verified" in found
    assert "mx2.example.com - - ✓ valid • none ✗ not used" in found
    assert "line 3 mx1.example.com = 1 host: mx1.example.com" in found
    assert "line 4 old.example.net ! no MX host matches it" in found


async def test_a_wildcard_is_told_from_an_equal_name() -> None:
    _, text = await drawn(World())
    assert any(row.startswith("mx2.example.com - ~ ✓ valid") for row in rows(text))
    assert "line 4 *.example.com ~ 2 hosts: mx1.example.com, mx2.example.com" in rows(text)


async def test_a_failing_certificate_is_reported_in_testing_and_not_used_under_enforce() -> None:
    _, text = await drawn(World(body=TESTING, errors={MX[0]: (UNTRUSTED,)}))
    assert "mx1.example.com = ~ ✗ not trusted • none ! reported ✗ not used" in rows(text)
    assert "reported as certificate-not-trusted" in flat(text)
    assert "not yet enforce: mx1.example.com would get no mail" in flat(text)


async def test_the_host_under_the_cursor_is_told_in_full() -> None:
    view, text = await drawn(World(names={MX[1]: ("other.example.net",)}), "l", "l", "j", "j")
    assert view.cursor_row is not None
    assert view.cursor_row.copy == MX[1]
    told = flat(text)
    assert "certificate ✗ the certificate of mx2.example.com is not for it but for" in told
    assert "reported as certificate-host-mismatch" in told


async def test_dane_comes_first_where_it_applies() -> None:
    world = World(dane={MX[0]: Standing.TLSA_FAILED, MX[1]: Standing.UNUSABLE})
    _, text = await drawn(world)
    found = rows(text)
    assert any(row.startswith("mx1.example.com") and "✗ forbids ✗ not used" in row for row in found)
    assert any(row.startswith("mx2.example.com") and "• any TLS" in row for row in found)
    assert "DANE decides at mx1.example.com" in flat(text)
    assert "DANE ✗ DANE forbids the host, whatever MTA-STS says" in flat(text)


async def test_hosts_not_seen_yet_are_unknown_and_not_green() -> None:
    _, text = await drawn(World(connected=False))
    assert any(
        row.startswith("mx1.example.com") and "? not seen" in row and "? not known" in row
        for row in rows(text)
    )


async def test_without_a_policy_the_hosts_are_held_against_the_one_advised() -> None:
    _, text = await drawn(World(records=(), body=None))
    assert "no pattern is published; the hosts are held against the policy under" in flat(text)
    assert "mx1.example.com = 1 host: mx1.example.com" in rows(text)


async def test_many_patterns_give_way_to_the_number_of_the_line() -> None:
    many = b"".join(b"mx: host%d.example.net\n" % number for number in range(30))
    body = ENFORCE.replace(b"max_age", many + b"max_age")
    _, text = await drawn(World(body=body))
    assert "host line certificate DANE now enforce" in rows(text)
    assert any(row.startswith("mx2.example.com ~ 4 ✓ valid") for row in rows(text))


@pytest.mark.parametrize(
    ("width", "heads"),
    [
        (62, "host 3 4 now testing if enforce"),
        (68, "host 3 4 certificate now testing if enforce"),
        (78, "host 3 4 certificate DANE now testing if enforce"),
    ],
)
async def test_in_a_narrow_pane_the_action_stays_and_the_rest_is_told_below(
    width: int, heads: str
) -> None:
    _, text = await drawn(World(body=TESTING), width=width)
    assert heads in rows(text)
    assert any(row.endswith("• encrypted ✓ verified") for row in rows(text))
    assert "DANE • no DANE at this host" in flat(text)


async def test_the_cursor_stops_at_every_line_so_that_nothing_is_scrolled_past() -> None:
    view = PolicyView()
    async with Host(view).run_test(size=(78, 11)) as pilot:
        view.show(shown(World(body=TESTING, reports=()).delivery))
        view.focus()
        seen: set[int] = set()
        for _ in range(len(view.rows)):
            top = int(view.scroll_offset.y)
            seen |= set(range(top, top + view.size.height))
            await pilot.press("j")
        assert seen >= set(range(len(view._lines)))


async def test_a_number_is_the_line_of_the_policy_file() -> None:
    view = PolicyView()
    async with Host(view).run_test(size=(100, 40)):
        view.show(shown(World().delivery))
        view.move_to(3)
        assert view.cursor_row is not None
        assert view.cursor_row.key == (Section.POLICY, "line", 3)


# -- TLS-RPT and what to publish ------------------------------------------------------------------


async def test_the_report_record_is_read_in_parts_with_its_destinations() -> None:
    reports = ('"v=TLSRPTv1; rua=tls@example.com,mailto:a@example.com; x=1"',)
    _, text = await drawn(World(reports=reports))
    found = rows(text)
    assert "✓ v=TLSRPTv1 the version" in found
    assert "tls@example.com has no scheme" in flat(text)
    assert "reports ✗ no report goes to tls@example.com" in found
    assert "reports ✓ by mail to mailto:a@example.com" in found
    assert "• x=1 ignored" in found


async def test_a_broken_report_record_is_mended_with_its_own_destinations() -> None:
    reports = ('"v=TLSRPTv1; rua=mailto:a@example.com; x"', '"v=spf1 -all"')
    _, text = await drawn(World(reports=reports))
    assert "TLS-RPT ✗ the TLSRPT record cannot be used: no reports are sent" in rows(text)
    line = '_smtp._tls.example.com. IN TXT "v=TLSRPTv1; rua=mailto:a@example.com"'
    assert f"→ publish {line}" in rows(text)


async def test_a_mailbox_without_its_scheme_is_mended() -> None:
    _, text = await drawn(World(reports=('"v=TLSRPTv1; rua=tls@example.com"',)))
    line = '_smtp._tls.example.com. IN TXT "v=TLSRPTv1; rua=mailto:tls@example.com"'
    assert f"→ publish {line}" in rows(text)


async def test_file_and_record_that_stand_already_are_not_asked_for_again() -> None:
    body = b"version: STSv1\nmode: testing\nmx: mx1.example.com\nmx: mx2.example.com\nmax_age: 9\n"
    _, text = await drawn(World(body=body))
    found = rows(text)
    assert "1. read the reports for some weeks, until none names a failure" in found
    assert "serve the file" not in text
    assert "then: mode enforce y copies" in found


async def test_file_and_record_are_copied_testing_first_and_then_enforce() -> None:
    view, _ = await drawn(World(records=(), body=None, reports=()))
    copies = {row.key: (row.copy, row.what) for row in view.rows}
    first, what = copies[(Section.PUBLISH, "first", "file")]
    assert what == "policy file"
    assert first == (
        "version: STSv1\nmode: testing\nmx: mx1.example.com\nmx: mx2.example.com\nmax_age: 86400\n"
    )
    then, _ = copies[(Section.PUBLISH, "then", "file")]
    assert "mode: enforce" in then
    record, _ = copies[(Section.PUBLISH, ("first", "record"))]
    assert record == '_mta-sts.example.com. IN TXT "v=STSv1; id=20261121T200000Z;"'
    assert copies[(Section.PUBLISH, "report")][0].startswith("_smtp._tls.example.com. IN TXT")


async def test_a_policy_that_fits_needs_nothing() -> None:
    _, text = await drawn(World())
    assert "nothing to do: file and record fit the MX hosts" in text


# -- keys and empty states ------------------------------------------------------------------------


async def test_left_and_right_go_through_the_parts_and_stop_at_the_ends() -> None:
    view = PolicyView()
    async with Host(view).run_test(size=(76, 12)) as pilot:
        view.show(shown(World().delivery))
        view.focus()
        seen = []
        for _ in range(6):
            assert view.cursor_row is not None
            seen.append(view.cursor_row.key)
            await pilot.press("l")
        assert [key[0] for key in seen] == [*Section, Section.PUBLISH]
        assert "[publish]" in text_of(view)
        for _ in range(6):
            await pilot.press("h")
        assert view.scroll_offset.y == 0
        assert "[record]" in text_of(view)


async def test_parts_without_rows_of_their_own_do_not_stop_the_way() -> None:
    view, _ = await drawn(World(records=(), body=None), "l", "l")
    assert view.cursor_row is not None
    assert view.cursor_row.key == (Section.HOSTS, "heading")


async def test_the_overview_is_a_mouse_target() -> None:
    view = PolicyView()
    async with Host(view).run_test(size=(100, 40)) as pilot:
        view.show(shown(World().delivery))
        await pilot.pause()
        at = next(i for i, row in enumerate(view.rows) if row.key == "overview")
        words = view.rows[at].lines[0].plain
        await pilot.click(view, offset=(2 + words.index("hosts"), view._tops[at]))
        assert view.cursor_row is not None
        assert view.cursor_row.key == (Section.HOSTS, "heading")


def test_the_policy_host_is_a_connection_the_chain_view_can_draw() -> None:
    attempt = policy_host(World().delivery)
    assert attempt is not None
    assert attempt.host.name == "mta-sts.example.com"
    assert attempt.port == 443
    assert attempt.handshake is not None
    assert attempt.chain is not None
    assert policy_host(World(records=(), body=None).delivery) is None


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("[192.0.2.1]:25", "MTA-STS is for mail that goes by MX records"),
        ("user@example.com", "? not known yet: the MX look-up comes first: n goes on"),
    ],
)
async def test_an_empty_view_says_what_to_do(target: str, words: str) -> None:
    walked = Walked(target=parse_target(target)).resolver()
    view = PolicyView()
    async with Host(view).run_test(size=(76, 20)):
        view.show(replace(shown(walked.delivery), step=walked.steps[0]))
        assert words in flat(text_of(view))


async def test_after_the_records_the_next_thing_is_the_fetch() -> None:
    walked = World().walked()
    until = next(i for i, step in enumerate(walked.steps) if step.kind is StepKind.STS_POLICY)
    walked.steps = walked.steps[:until]
    view = PolicyView()
    async with Host(view).run_test(size=(76, 20)):
        view.show(shown(build_delivery(walked.trace)))
        assert "? not known yet: n fetches the policy" in text_of(view)


# -- hostile text and widths ----------------------------------------------------------------------


async def test_hostile_records_and_files_are_drawn_as_visible_text() -> None:
    view = PolicyView()
    async with Host(view).run_test(size=(76, 24)) as pilot:
        for text in HOSTILE:
            world = hostile(text)
            for each in (world, replace(world, problem="", status=200, media_type="text/plain")):
                view.show(shown(each.delivery))
                check(view)
        view.focus()
        await pilot.press("l", "j", "l", "j", "l", "G")
        check(view)


def hostile(text: bytes) -> World:
    words = text[:400].decode("utf-8", "surrogateescape")
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    quoted = f'"v=STSv1; id=1; x={escaped}"'
    return World(
        records=(quoted, words, '"v=STSv1'),
        reports=(quoted.replace("STSv1", "TLSRPTv1"), words, f'"v=TLSRPTv1; rua={words[:80]}"'),
        body=b"version: STSv1\nmode: enforce\nmx: " + text[:500] + b"\n" + text[:3_000],
        media_type=words,
        problem=words,
        objection=words,
        redirects=(words,),
        remarks=(words,),
        status=302,
    )


@pytest.mark.parametrize("width", [30, 60, 78, 106, 200])
@pytest.mark.parametrize("glyphs", ["unicode", "ascii"])
async def test_nothing_is_wider_than_the_pane_at_any_width(width: int, glyphs: str) -> None:
    use_glyphs(glyphs)
    for world in (World(), World(body=BROKEN, reports=()), World(records=(RECORD, RECORD))):
        view, _ = await drawn(world, width=width)
        for row in view.rows:
            for content in row.lines:
                assert content.cell_length <= max(width, 27)
                assert glyphs == "unicode" or content.plain.isascii()


def test_the_picture_of_a_domain_of_many_hosts_is_quick_to_make() -> None:
    world = World(hosts=tuple(f"mx{number}.example.com" for number in range(60)))
    found = picture(world.delivery, shown(world.delivery).now)
    assert len(found.hosts) == 60


def test_a_denial_that_is_not_believed_is_still_told_with_its_dnssec_status() -> None:
    trace = lab_trace("domain-nothing")
    denied = DnsAnswer(qname=".", rtype="DNSKEY", status=DnsStatus.NODATA)
    check = structs.replace(trace.steps[0], evidence=ResolverChecked(answer=denied))
    trace = structs.replace(trace, steps=(check, *trace.steps[1:]))
    delivery = build_delivery(trace)
    assert delivery.policy_records is not None
    for answer in (delivery.policy_records.sts, delivery.policy_records.tls_rpt):
        (row,) = answer_rows(Section.RECORD, answer, delivery, 100)
        told = " ".join(" ".join(one.plain for one in row.lines).split())
        assert "NXDOMAIN, not believed" in told
        assert "insecure" in told
