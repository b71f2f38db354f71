"""``mxwalk policy``: record, policy and what to publish, as text and JSON, with exit codes."""

import json

import pytest
from click.testing import CliRunner

from mxwalk.cli import cli
from mxwalk.commands import policy
from mxwalk.dns.txt import txt_octets
from mxwalk.mtasts.policy import read_policy
from mxwalk.mtasts.record import read_record
from mxwalk.walk.target import parse_target
from tests.walk.harness import lab_walk


@pytest.fixture
def ask(monkeypatch):
    """Run the command; the domain of the lab scenario takes the place of the Internet's."""

    def run(scenario: str, *words: str, domain: str = "example.com"):
        async def looked_up(_domain, options):
            target = parse_target(domain)
            async with lab_walk(scenario, target=target) as walk:
                while walk.pending is not None and walk.pending.kind in policy._STEPS:
                    await walk.step()
                return walk.trace

        monkeypatch.setattr(policy, "_look_up", looked_up)
        return CliRunner().invoke(cli, ["policy", domain, *words])

    return run


@pytest.mark.parametrize(
    ("scenario", "code"),
    [
        ("sts-enforce-good", 0),
        ("sts-cert-invalid", 0),  # no mail server is asked
        ("tlsrpt-bad-record", 0),
        ("pkix-good", 1),
        ("mx-null", 1),
        ("sts-mx-mismatch", 3),
        ("sts-testing", 3),
        ("sts-policy-invalid", 3),
        ("sts-redirect", 3),
        ("sts-two-records", 3),
    ],
)
def test_the_exit_code_tells_whether_the_policy_works(ask, scenario, code):
    done = ask(scenario)
    assert done.exit_code == code, done.output
    assert "CONNECT" not in done.output


def test_the_text_has_effective_policy_findings_and_what_to_publish(ask):
    text = ask("sts-mx-mismatch").output
    assert "EFFECTIVE POLICY  mail for example.com goes only to mx1.example.com" in text
    assert "ERROR STS013" in text
    assert (
        "TO PUBLISH  the mx lines change (1 MX host is added; 2 that match no MX host may go)"
        in text
    )
    assert "    mx: mx.provider.test" in text
    assert '  _mta-sts.example.com. IN TXT "v=STSv1; id=' in text


def test_what_is_to_be_published_is_valid(ask):
    lines = ask("pkix-good").output.splitlines()
    start = next(n for n, line in enumerate(lines) if line.strip() == "version: STSv1")
    end = next(n for n in range(start, len(lines)) if lines[n].strip().startswith("_mta-sts"))
    file = read_policy("\n".join(line.strip() for line in lines[start:end]).encode())
    assert file.valid, file.deviations
    assert [str(one) for one in file.patterns] == ["mx1.example.com"]
    record = read_record([txt_octets(lines[end].partition(" IN TXT ")[2])])
    assert record.valid


def test_json_holds_the_same(ask):
    done = ask("sts-testing", "--format", "json")
    document = json.loads(done.output)
    assert document["schema"] == "mxwalk-policy-1"
    assert document["exit_code"] == done.exit_code == 3
    assert document["mx_hosts"] == ["mx1.example.com", "mx2.example.com"]
    assert document["sts"]["mode"] == "testing"
    assert {one["code"][:3] for one in document["findings"]} == {"STS", "RPT"}


@pytest.mark.parametrize("target", ["[192.0.2.1]", "mx.example.com:25", ""])
def test_what_is_no_mail_domain_is_refused(target):
    done = CliRunner().invoke(cli, ["policy", target])
    assert done.exit_code == 2


@pytest.mark.parametrize("domain", ["nowhere.example.com", "nowhere.test"])
def test_a_domain_that_does_not_exist_is_told_apart_in_one_line(ask, domain):
    done = ask("sts-enforce-good", domain=domain)
    assert done.exit_code == 4
    said = f"the domain {domain} does not exist (NXDOMAIN): is the name spelt right?"
    assert done.output == f"{said}\n"
    document = json.loads(ask("sts-enforce-good", "--format", "json", domain=domain).output)
    assert document["exit_code"] == 4
    assert document["route"] == "the domain does not exist"
    assert document["route_problem"] == said


def test_a_denial_that_fails_dnssec_does_not_count(ask):
    done = ask("dnssec-wrong-key", domain="nowhere.example.com")
    assert done.exit_code == 4
    assert "is the name spelt right?" not in done.output


def test_a_resolver_that_is_not_there_tells_nothing(monkeypatch):
    done = CliRunner().invoke(cli, ["policy", "example.com", "--resolver", "127.0.0.1:1"])
    assert done.exit_code == 4, done.output


def test_ascii_alone_on_request(ask):
    assert ask("sts-policy-invalid", "--ascii").output.isascii()
