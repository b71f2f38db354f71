"""Scenario files: every one is well formed, and what is not is refused with the place and the reason."""

import re
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.errors import ScenarioError
from mxwalk.lab.association import placeholders
from mxwalk.lab.host import Arrival, TlsVersion, to_octets
from mxwalk.lab.message_keys import named_keys
from mxwalk.lab.reading import parse_endpoint, parse_offset
from mxwalk.lab.scenario import (
    ESA_SETTINGS,
    load_scenario,
    parse_scenario,
    scenario_names,
)
from mxwalk.mailauth.message import read_message
from mxwalk.names import parse_name
from mxwalk.walk.target import parse_target

VERDICTS = "\n".join(f'"{sender}" = "unknown"' for sender in ESA_SETTINGS)
HEAD = 'group = "g"\ntitle = "t"\nstory = "s"\ntarget = "user@example.com"\n'
TAIL = f"[expect]\nfindings = []\n[expect.verdicts]\n{VERDICTS}\n"


def parse(body: str = "", head: str = HEAD, tail: str = TAIL):
    return parse_scenario("sample", f"{head}{body}\n{tail}".encode())


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_loads_and_tells_a_story(name):
    scenario = load_scenario(name)
    assert scenario.name == name
    assert parse_target(scenario.target).text == scenario.target
    sentences = re.findall(r"[.!?\"](?=\s|$)", scenario.story)
    assert 2 <= len(sentences) <= 6, len(sentences)
    assert len(scenario.title) <= 80
    assert not scenario.title.endswith(".")
    assert scenario.zones


@pytest.mark.parametrize("name", scenario_names())
def test_every_certificate_and_host_of_a_scenario_is_used(name):
    scenario = load_scenario(name)
    used = {host.certificate for host in scenario.hosts}
    used |= {host.second_certificate for host in scenario.hosts}
    used |= {certificate.issuer for certificate in scenario.certificates.values()}
    lines = [line for zone in scenario.zones.values() for line in zone.lines]
    used |= {one.certificate for line in lines for one in placeholders(line)}
    used |= {server.certificate for server in scenario.http}
    for certificate in scenario.certificates.values():
        used |= {certificate.key_of, *(certificate.send or ())}
    for path in (path for server in scenario.http for path in server.paths.values()):
        used |= {path.signer, path.responder, *path.certificates}
    assert scenario.certificates.keys() <= used
    text = "\n".join(zone.records for zone in scenario.zones.values())
    routes = [route.destination for route in scenario.options.routes]
    for host in (*scenario.hosts, *scenario.http):
        for at in host.at:
            address, _port = parse_endpoint(at)
            assert f" {address}\n" in text or address in routes, at


def test_an_unknown_name_is_refused_with_near_matches():
    with pytest.raises(ScenarioError, match="esa-hosted"):
        load_scenario("esa-hostde")
    with pytest.raises(ScenarioError, match="mxwalk lab"):
        load_scenario("zzzzzzzzzz")


@pytest.mark.parametrize("name", scenario_names())
def test_every_key_is_used_and_the_target_of_a_message_is_its_author(name):
    scenario = load_scenario(name)
    used = {
        key for zone in scenario.zones.values() for line in zone.lines for key in named_keys(line)
    }
    if (message := scenario.message) is not None:
        signing = (*message.sign, *message.after.sign, *message.after.seal)
        used |= {one.key for one in signing}
        domain = parse_target(scenario.target).domain
        authors = read_message(message.headers.strip("\n").replace("\n", "\r\n").encode()).author
        assert domain is not None
        assert parse_name(authors.mailboxes[0].domain) == domain
    assert scenario.dkim_keys.keys() == used


@pytest.mark.parametrize("name", ["../model", "/etc/passwd", "", "ESA-HOSTED", "a/b", "x" * 5000])
def test_a_name_that_is_a_path_opens_nothing(name):
    with pytest.raises(ScenarioError, match="there is no scenario"):
        load_scenario(name)


TLSA = '[zones."a.test"]\nrecords = "_25._tcp.mx TLSA 3 1 1 {}"'
HTTP = '[[http]]\nat = ["192.0.2.1:80"]\nname = "pki.test"\n'
PATH = HTTP + '[http.paths."/x"]\n'
HOST = '[[hosts]]\nat = ["192.0.2.1:25"]\nname = "mx"\n'


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("colour = 1", "unknown field `colour`"),
        (HOST + "speed = 1", r"unknown field `speed` - at `\$.hosts\[0\]`"),
        ("[options]\ncolour = 1", r"unknown field `colour` - at `\$.options`"),
        ("[options.timeouts]\nbanner_s = 1", "unknown field `banner_s`"),
        (HOST + 'arrival = "explode"', "Invalid enum value 'explode'"),
        (HOST + 'certificate = "nope"', "certificate 'nope' is not defined"),
        (HOST + HOST, "two hosts at 192.0.2.1:25"),
        ('[[hosts]]\nat = []\nname = "mx"', "no address"),
        ('[[hosts]]\nat = ["192.0.2.1:25"]', "name is missing"),
        ('[[hosts]]\nat = ["8.8.8.8:25"]\nname = "mx"', "not a documentation address"),
        ('[[hosts]]\nat = ["192.0.2.1"]\nname = "mx"', "not address:port"),
        ('[[hosts]]\nat = ["192.0.2.1:0"]\nname = "mx"', "not address:port"),
        ('[[hosts]]\nat = ["mx.example.com:25"]\nname = "mx"', "does not appear to be an IPv4"),
        (HOST + "greeting_delay_s = -1.0", "negative"),
        (HOST + 'replies.mail = ["250 ok"]', "no verb in upper case"),
        (HOST + 'replies.STARTTLS = ["220 go"]', "STARTTLS"),
        ('[certificates.root]\ncn = "x"', "reserved"),
        ('[certificates.a]\nissuer = "b"', "issuer 'b' is no authority"),
        ('[certificates.a]\nissuer = "b"\n[certificates.b]\ncn = "b"', "is no authority"),
        (
            (
                '[certificates.a]\nissuer = "b"\nauthority = true\n'
                '[certificates.b]\nissuer = "a"\nauthority = true'
            ),
            "circle",
        ),
        ('[certificates.a]\nnot_before = "yesterday"', "not a time like"),
        ('[certificates.a]\nnot_before = "+9d"\nnot_after = "+8d"', "not before"),
        (f'[certificates.a]\ncn = "{"x" * 65}"', "longer than 64"),
        ('[certificates.a]\nsend = ["a", "z"]', "unknown certificate 'z'"),
        ('[certificates.a]\nsend = ["intermediate"]', "must begin with 'a'"),
        ('[zones."a..b"]\nrecords = ""', "empty label"),
        ('[certificates.a]\ncrl = ["http:/pki.test/"]', "names no host"),
        ('[certificates.a]\nissuer_urls = ["pki.test"]', "is no URL"),
        ('[certificates.a]\ncrl = ["ldap:///CN=é"]', "is no URL"),
        ('[certificates.a]\nocsp = ["http://pki test/"]', "does not belong"),
        ("[certificates.a]\npath_length = 0", "only an authority"),
        ("[certificates.a]\nserial = 0", "not positive"),
        ('[certificates.a]\npolicies = ["2.5.29.32.0", "x"]', "'x' is no object identifier"),
        ("[certificates.a]\nextras = 9999", "extras goes up to"),
        ('[certificates.a]\nkey_of = "b"', "no key of its own"),
        ('[certificates.a]\nkey_of = "root"\ncn = "x"', "without cn"),
        (
            '[certificates.a]\nkey_of = "b"\nissuer = "b"\n[certificates.b]\nauthority = true',
            "own key",
        ),
        (
            '[certificates.a]\nkey_of = "b"\nauthority = true\n[certificates.b]\nissuer = "a"',
            "own key",
        ),
        ('[certificates.a]\npurposes = ["cook"]', "Invalid enum value 'cook'"),
        (HOST + 'staple = "good"', "a staple needs a certificate"),
        (HOST + HTTP.replace(":80", ":25"), "two hosts at 192.0.2.1:25"),
        (HTTP.replace("192.0.2.1:80", "8.8.8.8:80"), "not a documentation address"),
        (HTTP.replace('"192.0.2.1:80"', ""), "no address"),
        (HTTP.replace('"pki.test"', '""'), "name is missing"),
        (HTTP + 'certificate = "b"', "certificate 'b' is not defined"),
        (HTTP + "speed = 1", "unknown field `speed`"),
        (PATH.replace("/x", "x") + 'body = ""', "no path"),
        (PATH.replace("/x", "/x y") + 'body = ""', "no path"),
        (PATH, "exactly one of"),
        (PATH + 'crl = "root"\nocsp = "root"', "exactly one of"),
        (PATH + 'crl = "b"', "certificate 'b' is not defined"),
        (PATH + 'crl = "root"\nrevoked = ["b"]', "certificate 'b' is not defined"),
        (PATH + 'crl = "root"\nanswer = "good"', "answer has no meaning beside crl"),
        (PATH + 'ocsp = "root"\nbase = 1', "base has no meaning beside ocsp"),
        (PATH + 'body = "x"\nrevoked = ["root"]', "revoked has no meaning beside body"),
        (PATH + 'crl = "root"\nnext_update = ""', "has this_update and next_update"),
        (PATH + 'crl = "root"\nnext_update = "soon"', "not a time like"),
        (PATH + 'crl = "root"\nencoding = "pkcs7"', "served as der or pem"),
        (PATH + 'crl = "root"\nbase = 1\nnumber = 1', "base is not below number"),
        (PATH + 'crl = "root"\npadding = 1000000', "padding goes up to"),
        (PATH + 'certificates = ["root", "intermediate"]', "der holds one certificate"),
        (PATH + 'body = "x"\ndelay_s = -1.0', "negative"),
        (PATH + "status = 99", "99 is no status"),
        ('[[dns_faults]]\nname = "x"\nkind = "explode"', "Invalid enum value"),
        (TLSA.format("{spki-sha256:mx}"), "unknown certificate 'mx'"),
        (TLSA.format("{spki-md5:root}"), "is not like"),
        (TLSA.format("{spki-sha256:root:0}"), "is not like"),
        (TLSA.format("{spki-sha256:root"), "without its counterpart"),
        ('[zones."a.test"]\nfaults = ["expired"]', "zone that is not signed"),
        ("[options", "sample"),
    ],
)
def test_what_is_not_well_formed_is_refused_with_the_reason(body, message):
    with pytest.raises(ScenarioError, match=message):
        parse(body)


def test_missing_and_unknown_verdicts_are_refused():
    with pytest.raises(ScenarioError, match="lacks esa:6"):
        parse(tail=TAIL.replace('"esa:6" = "unknown"', ""))
    with pytest.raises(ScenarioError, match="Invalid enum value 'lost'"):
        parse(tail=TAIL.replace('"esa:6" = "unknown"', '"esa:6" = "lost"'))
    with pytest.raises(ScenarioError, match="without a verdict"):
        parse(tail=TAIL + '[expect.deciding]\n"postfix" = "mx"\n')
    with pytest.raises(ScenarioError, match="story is empty"):
        parse(head=HEAD.replace('"s"', '" "'))


def test_codes_are_given_for_senders_with_a_verdict_only():
    codes = '[expect.codes]\n"esa:5" = "4.7.5"\n'
    assert parse(tail=TAIL + codes).expect.codes == {"esa:5": "4.7.5"}
    with pytest.raises(ScenarioError, match="codes names senders without a verdict"):
        parse(tail=TAIL + codes.replace("esa:5", "postfix"))


def test_every_signed_zone_with_tlsa_records_takes_their_data_from_its_certificates():
    for name in scenario_names():
        zones = load_scenario(name).zones.values()
        for line in (line for zone in zones for line in zone.lines if " TLSA " in line):
            assert placeholders(line), (name, line)


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(ScenarioError, match="sample"):
        parse_scenario("sample", b"\xff\xfe")


def test_server_text_is_lines_with_crlf_or_raw_octets():
    assert to_octets(("a", "b")) == b"a\r\nb\r\n"
    assert to_octets("a\nb\xff\u202e") == b"a\nb\xff\xe2\x80\xae"


def test_offsets_and_endpoints_are_read():
    assert parse_offset("-30d").days == -30
    assert parse_offset("+6h").total_seconds() == 21_600
    assert parse_endpoint("[2001:db8::1]:25") == ("2001:db8::1", 25)


def test_a_host_needs_no_name_where_nobody_talks():
    scenario = parse('[[hosts]]\nat = ["192.0.2.1:25"]\narrival = "refuse"')
    assert scenario.hosts[0].arrival is Arrival.REFUSE


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_arbitrary_bytes_are_refused_with_one_sentence(content):
    with pytest.raises(ScenarioError, match="sample"):
        parse_scenario("sample", content)


def test_the_tls_of_a_host_is_described_by_a_table_of_its_own():
    body = '[[hosts]]\nat = ["192.0.2.1:25"]\nname = "mx"\n[hosts.tls]\nmax_version = "TLSv1.1"\n'
    assert parse(body).hosts[0].tls.max_version is TlsVersion.TLS_1_1
    with pytest.raises(ScenarioError, match="SSLv3"):
        parse(body.replace("TLSv1.1", "SSLv3"))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('second_certificate = "mx-rsa"', 'second_certificate = "nobody"', "both to be defined"),
        ('key = "rsa-2048"', 'key = "p256"', "a key of the same type"),
        ('key = "rsa-2048"', 'key = "rsa-2048"\nissuer = "root"', "another issuer"),
    ],
)
def test_a_second_certificate_that_cannot_stand_beside_the_first_is_refused(old, new, why):
    file = resources.files("mxwalk.lab") / "scenarios" / "dane-two-leaves.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(ScenarioError, match=why):
        parse_scenario("x", text.replace(old, new).encode())
