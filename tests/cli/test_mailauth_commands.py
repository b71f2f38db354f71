"""``mxwalk spf``, ``domain`` and ``dkim-key`` on the lab's own DNS server and on the disk."""

import asyncio
import json
import stat

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from mxwalk.cli import cli
from mxwalk.commands import spf
from mxwalk.commands.believed import BelievedResolver
from mxwalk.commands.source_names import look_up_names
from mxwalk.dns.txt import txt_octets
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.lab.lab import Lab
from mxwalk.lab.scenario import load_scenario
from mxwalk.mailauth.dkim.key import read_key_text


def run(*words, **kwargs):
    return CliRunner().invoke(cli, list(words), prog_name="mxwalk", **kwargs)


def on_lab(scenario, *words):
    """Run a command in a thread beside the lab, which answers DNS on loopback."""

    async def walk():
        async with Lab(load_scenario(scenario)) as lab:
            options = ("--resolver", lab.options.resolver)
            return await asyncio.to_thread(run, *words, *options)

    return asyncio.run(walk())


# -- spf ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scenario", "words", "code", "expected"),
    [
        ("spf-softfail", ("example.com", "--ip", "192.0.2.17"), 0, "PASS:"),
        ("spf-softfail", ("anna@example.com", "--ip", "203.0.113.66"), 3, "SOFTFAIL: ~all matched"),
        ("spf-softfail", ("none.example.org", "--ip", "203.0.113.66"), 1, "NONE:"),
        ("spf-too-many-lookups", ("example.com", "--ip", "203.0.113.66"), 3, "PERMERROR:"),
        ("spf-temperror", ("example.com", "--ip", "203.0.113.66"), 4, "TEMPERROR:"),
    ],
)
def test_an_address_is_checked_term_by_term(scenario, words, code, expected):
    result = on_lab(scenario, "spf", *words)
    assert result.exit_code == code, result.output
    assert expected in result.stdout
    assert "Received-SPF:" in result.stdout
    assert "look-ups" in result.stdout


def test_json_holds_the_tree():
    result = on_lab("spf-softfail", "spf", "example.com", "--ip", "192.0.2.17", "--format", "json")
    document = json.loads(result.stdout)
    assert document["schema"] == spf.SCHEMA
    assert document["exit_code"] == 0
    assert document["spf"]["result"] == "pass"
    nodes = document["spf"]["root"]["nodes"]
    assert [node["text"] for node in nodes] == ["mx", "ip4:192.0.2.16/28", "~all"]
    assert nodes[1]["matched_by"]
    assert document["received_spf"].startswith("Received-SPF: pass")


def test_a_record_is_tried_before_it_is_published():
    words = ("spf", "example.com", "--ip", "203.0.113.66", "--record")
    tried = on_lab("spf-softfail", *words, "v=spf1 ip4:203.0.113.0/24 -all")
    assert tried.exit_code == 0
    assert "with the given record in the place of the published one" in tried.stdout
    assert "ip4:203.0.113.0/24" in tried.stdout
    wrong = on_lab("spf-softfail", *words, "v=spf1 ip4:203.0.113.0/99 -all")
    assert wrong.exit_code == 3
    assert "PERMERROR" in wrong.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("example.com", "--ip", "here"), "not an IP address"),
        (("a..b", "--ip", "192.0.2.1"), "empty label"),
        (("example.com", "--ip", "192.0.2.1", "--sender", "x"), "not an address"),
    ],
)
def test_what_cannot_be_checked_is_said(words, said):
    result = run("spf", *words)
    assert result.exit_code == 2
    assert said in result.stderr


# -- domain ------------------------------------------------------------------------------------------


def test_a_domain_is_surveyed_with_its_selectors_and_subdomains():
    words = (
        "domain",
        "example.com",
        "--selector",
        "nov26",
        "--subdomain",
        "www",
        "--format",
        "json",
    )
    result = on_lab("domain-monitoring", *words)
    document = json.loads(result.stdout)
    assert document["purpose"] == "domain"
    survey = document["survey"]
    assert survey["selectors"] == ["nov26"]
    assert [name["domain"] for name in survey["names"]] == ["example.com", "www.example.com"]
    assert any(key["bits"] == 2048 for key in survey["keys"])
    areas = {area["name"]: area["state"] for area in survey["areas"]}
    assert areas["SPF"] == areas["DMARC"] == areas["DKIM keys"] == "published"
    assert result.exit_code == document["exit_code"] == 1  # not complete


def test_the_exit_code_tells_complete_from_not_complete_and_unknown():
    assert run("check", "--lab", "domain-nothing").exit_code == 1
    assert (
        run("domain", "example.com", "--resolver", "127.0.0.1:9", "--timeout", "0.2").exit_code == 4
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("192.0.2.1",), "is no domain"),
        (("example.com:25",), "is no domain"),
        (("example.com", "--selector", "a b"), "--selector"),
        (("example.com", "--subdomain", "a..b"), "--subdomain"),
    ],
)
def test_what_is_no_domain_or_name_is_said(words, said):
    result = run("domain", *words)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_pasted_key_name_is_its_selector_and_a_mailbox_its_domain():
    from mxwalk.commands.domain import survey_domain, survey_input

    asked = survey_input("example.com", selectors=("s1._domainkey.example.com", "s1"))
    assert asked.selectors == ("s1",)
    assert survey_domain("anna@example.com") == "example.com"
    names = survey_input("example.com", subdomains=("a", "b.example.com")).subdomains
    assert names == ("a.example.com", "b.example.com")


# -- dkim-key ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "kind", "bits"),
    [((), "rsa", 2048), (("--bits", "1024"), "rsa", 1024), (("--type", "ed25519"), "ed25519", 256)],
)
def test_a_key_pair_is_made_and_the_record_fits_it(tmp_path, words, kind, bits):
    path = tmp_path / "key.pem"
    result = run("dkim-key", "example.com", "s1", "--out", str(path), *words)
    assert result.exit_code == 0, result.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    line = next(one for one in result.stdout.splitlines() if " IN TXT " in one)
    assert line.strip().startswith("s1._domainkey.example.com. IN TXT ")
    record = read_key_text(txt_octets(line.partition(" IN TXT ")[2]))
    assert (record.key_type, record.bits, record.problem) == (kind, bits, "")
    assert load_pem_private_key(path.read_bytes(), None) is not None
    assert "PRIVATE KEY-----" not in result.stdout
    assert "mxwalk domain example.com --selector s1" in result.stdout


def test_a_private_key_replaces_no_file(tmp_path):
    path = tmp_path / "key.pem"
    path.write_text("mine")
    result = run("dkim-key", "example.com", "s1", "--out", str(path))
    assert result.exit_code == 2
    assert "never replaces a file" in result.stderr
    assert path.read_text() == "mine"
    (tmp_path / "link.pem").symlink_to(tmp_path / "elsewhere")
    assert run("dkim-key", "example.com", "s1", "--out", str(tmp_path / "link.pem")).exit_code == 2
    assert not (tmp_path / "elsewhere").exists()


def test_without_a_name_the_key_is_called_after_its_record(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("dkim-key", "example.com", "s1", "--type", "ed25519").exit_code == 0
    assert (tmp_path / "s1._domainkey.example.com.pem").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("example.com", "a b"), "no DKIM key can be named"),
        (("example.com", "s1", "--bits", "999"), "an RSA key for DKIM has"),
        (("example.com", "s1", "--type", "ed25519", "--bits", "2048"), "one size only"),
    ],
)
def test_what_cannot_be_made_is_said_and_leaves_no_file(tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    result = run("dkim-key", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert list(tmp_path.iterdir()) == []


# -- what cannot be believed, or cannot be meant ------------------------------------------------------


class _Denying:
    """A resolver that says of everything, the root too, that it does not exist."""

    async def query(self, qname, rtype):
        return DnsAnswer(
            qname=qname, rtype=rtype, status=DnsStatus.NXDOMAIN, server="192.0.2.53:53"
        )


def test_a_resolver_that_denies_the_root_is_not_believed(monkeypatch):
    monkeypatch.setattr(spf, "StubResolver", lambda *_args, **_named: _Denying())
    words = ("spf", "example.com", "--ip", "192.0.2.1", "--resolver", "192.0.2.53")
    result = run(*words)
    assert result.exit_code == 4, result.output
    assert "TEMPERROR" in result.stdout
    assert "does not exist" not in result.stdout
    assert "the resolver 192.0.2.53:53 denies the DNS root" in result.stdout
    document = json.loads(run(*words, "--format", "json").stdout)
    assert document["exit_code"] == 4
    assert "denies the DNS root" in document["resolver"]
    assert document["spf"]["result"] == "temperror"


async def test_names_that_such_a_resolver_denies_are_not_known():
    found = await look_up_names(["192.0.2.1", "192.0.2.2"], BelievedResolver(_Denying()))
    assert all("denies the DNS root" in one.problem for one in found.values())
    assert not any("no name" in one.problem for one in found.values())


@pytest.mark.parametrize("text", ["spf1 mx -all", "mx -all", "v=spf1;-all", " ", '"v=spf1 -all"'])
def test_a_text_that_is_no_record_is_refused_before_anything_is_asked(text):
    result = run("spf", "example.com", "--ip", "192.0.2.1", "--record", text)
    assert result.exit_code == 2, result.output
    assert "the text is no SPF record" in result.stderr
    assert "v=spf1" in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("s2026", "example.com"), "mxwalk dkim-key example.com s2026"),
        (("nov.2026", "example.com"), "mxwalk dkim-key example.com nov.2026"),
        (("s2026", "s2027"), "mxwalk dkim-key DOMAIN SELECTOR"),
    ],
)
def test_a_selector_in_the_place_of_the_domain_is_refused(words, said, tmp_path):
    out = tmp_path / "key.pem"
    result = run("dkim-key", *words, "--out", str(out))
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
    assert not out.exists()
