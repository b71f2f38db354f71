"""Messages of the lab: keys and their places in zones, signing, and what happens on the way."""

import re
import subprocess
import sys
from base64 import b64decode
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.dns.txt import txt_strings
from mxwalk.errors import ScenarioError
from mxwalk.evidence.mailauth import SurveyInput
from mxwalk.lab.association import filled, placeholders
from mxwalk.lab.lab import Lab
from mxwalk.lab.message import (
    AfterSpec,
    DkimKeyKind,
    DkimKeySpec,
    MessageSpec,
    SealSpec,
    SignSpec,
)
from mxwalk.lab.message_keys import LabKeys, named_keys
from mxwalk.lab.message_make import make_message
from mxwalk.lab.scenario import parse_scenario
from mxwalk.mailauth.arc.chain import read_chain
from mxwalk.mailauth.dkim.signature import read_signatures
from mxwalk.mailauth.message import read_message

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
HEADERS = """
From: Anna <anna@example.com>
Subject: Minutes
"""
BODY = "\nDear Ben,\n\nhere they are.\n"


def keys(**kinds: DkimKeyKind) -> LabKeys:
    return LabKeys({name: DkimKeySpec(kind=kind) for name, kind in kinds.items()})


def signing(key: str = "one", **more: object) -> SignSpec:
    return SignSpec(key=key, domain="example.com", selector="s1", **more)


def made(pairs: LabKeys | None = None, **more: object):
    """Return the input of a message walk, made of the sample message."""
    spec = MessageSpec(headers=HEADERS, body=BODY, **more)
    return make_message("sample", spec, pairs or keys(), NOW)


@pytest.mark.parametrize(
    ("kind", "bits"),
    [(DkimKeyKind.RSA_2048, 2048), (DkimKeyKind.RSA_1024, 1024), (DkimKeyKind.RSA_768, 768)],
)
def test_an_rsa_key_has_the_size_that_was_asked_for(kind, bits):
    public = load_der_public_key(b64decode(keys(one=kind).key("one").public))
    assert isinstance(public, RSAPublicKey)
    assert (public.key_size, public.public_numbers().e) == (bits, 65_537)


def test_an_ed25519_key_is_published_as_32_octets_alone():
    assert len(b64decode(keys(one=DkimKeyKind.ED25519).key("one").public)) == 32  # RFC 8463 4


def test_a_placeholder_becomes_the_key_in_strings_of_at_most_255_octets():
    pairs = keys(one=DkimKeyKind.RSA_2048)
    line = 's1._domainkey TXT "v=DKIM1; k=rsa; p={dkim:one}"'
    assert named_keys(line) == ("one",)
    strings = txt_strings(pairs.filled(line).removeprefix("s1._domainkey TXT "))
    assert [len(one) for one in strings[:-1]] == [255] * (len(strings) - 1)
    assert b"".join(strings).decode() == f"v=DKIM1; k=rsa; p={pairs.key('one').public}"


def test_a_line_without_placeholder_stays_as_it_is():
    line = f'@ TXT "{"x" * 300}" "y"'
    assert keys().filled(line) == line


@given(st.text(alphabet='ab "\\%{}', max_size=40))
def test_lines_without_a_whole_placeholder_are_never_touched(text):
    assert keys().filled(text) == text


def test_macros_of_spf_and_keys_are_no_tlsa_placeholders():
    line = '@ TXT "v=spf1 exists:%{ir}.%{l1r+-}._spf.%{d} -all" "{dkim:one}"'
    assert placeholders(line) == ()
    assert filled(line, pytest.fail) == line


def test_a_message_has_crlf_line_ends_and_the_envelope_that_was_given():
    found = made(client_ip="192.0.2.25", helo="mail.example.com", mail_from="<>", receiver="mx")
    assert found.raw == (
        b"From: Anna <anna@example.com>\r\nSubject: Minutes\r\n\r\nDear Ben,\r\n\r\nhere they are.\r\n"
    )
    assert (found.client_ip, found.helo, found.mail_from) == (
        "192.0.2.25",
        "mail.example.com",
        "<>",
    )
    assert (found.receiver, found.file_name, found.whole) == ("mx", "sample.eml", True)


def test_signatures_stand_on_top_of_each_other_with_times_relative_to_the_start():
    pairs = keys(one=DkimKeyKind.RSA_1024, two=DkimKeyKind.ED25519)
    sign = (signing(expires_s=3600), signing("two", length=True, headers=("from",)))
    first, second = read_signatures(read_message(made(pairs, sign=sign).raw))
    assert (first.algorithm, first.length, first.signed) == ("ed25519-sha256", 29, ("from",))
    assert (second.algorithm, second.signed) == ("rsa-sha256", ("from", "subject"))
    start = int(NOW.timestamp())
    assert (second.timestamp, second.expires) == (start - 60, start + 3600)
    assert (first.problem, second.problem) == ("", "")


def test_what_happens_on_the_way_comes_after_the_signature():
    after = AfterSpec(
        replace=(("they are", "it is"),),
        subject_prefix="[team] ",
        append_body="\n-- \nfooter\n",
        prepend_headers="\nList-Id: <team.example.org>\n",
    )
    pairs = keys(one=DkimKeyKind.RSA_1024)
    message = read_message(made(pairs, sign=(signing(),), after=after).raw)
    assert [field.key for field in message.fields] == [
        "list-id",
        "dkim-signature",
        "from",
        "subject",
    ]
    assert message.subject == "[team] Minutes"
    assert message.body == b"Dear Ben,\r\n\r\nhere it is.\r\n-- \r\nfooter\r\n"


def test_a_list_signs_and_seals_what_it_made_of_the_message():
    seal = SealSpec(
        key="one", domain="example.org", selector="m1", authserv_id="lists", results="spf=pass"
    )
    after = AfterSpec(subject_prefix="[team] ", sign=(signing(),), seal=(seal,))
    message = read_message(made(keys(one=DkimKeyKind.RSA_1024), after=after).raw)
    assert [field.key for field in message.fields][:4] == [
        "arc-seal",
        "arc-message-signature",
        "arc-authentication-results",
        "dkim-signature",
    ]
    (only,) = read_chain(message).sets
    assert only.instance == 1


@pytest.mark.parametrize("old", ["not there", "e"])
def test_a_text_to_be_replaced_must_stand_there_once(old):
    with pytest.raises(ScenarioError, match="not exactly once"):
        made(after=AfterSpec(replace=((old, "new"),)))


def test_a_message_without_subject_cannot_be_tagged():
    spec = MessageSpec(headers="From: a@example.com\n", after=AfterSpec(subject_prefix="[x] "))
    with pytest.raises(ScenarioError, match="no Subject"):
        make_message("sample", spec, keys(), NOW)


HEAD = 'group = "g"\ntitle = "t"\nstory = "s"\ntarget = "example.com"\n'
TAIL = '[expect]\n[expect.verdicts]\n"rfc9989" = "accepted"\n'


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ('[message]\nheaders = "From: a@b"\nclient_ip = "x"\n', "'x' is no address"),
        ('[message]\nheaders = " "\n', "headers are empty"),
        ('[message]\nheaders = "From: a@b\\n\\nTo: c@d"\n', "an empty line"),
        ('[message]\nheaders = "From: a@b\\r\\nTo: c@d"\n', "end with LF"),
        (
            '[message]\nheaders = "From: a@b"\n[[message.sign]]\nkey = "k"\ndomain = ""\nselector = ""\n',
            "the key 'k' is not in dkim_keys",
        ),
        (
            '[message]\nheaders = "From: a@b"\n[zones."b.test"]\nrecords = "s TXT p={dkim:k}"\n',
            "names the unknown key 'k'",
        ),
        ('[message]\nheaders = "From: a@b"\n[survey]\nprobe = true\n', "not of both"),
    ],
)
def test_a_message_that_cannot_be_made_is_refused_with_the_reason(body, complaint):
    with pytest.raises(ScenarioError, match=re.escape(complaint)):
        parse_scenario("sample", f"{HEAD}{body}{TAIL}".encode())


SCENARIO = f"""{HEAD}
[message]
headers = "From: a@example.com"
body = "Hello"

[[message.sign]]
key = "k"
domain = "example.com"
selector = "s"

[dkim_keys.k]
kind = "ed25519"

[zones."example.com"]
records = '''
s._domainkey TXT "v=DKIM1; k=ed25519; p={{dkim:k}}"
'''
{TAIL}"""


async def test_the_lab_publishes_the_key_that_it_signed_with():
    async with Lab(parse_scenario("sample", SCENARIO.encode())) as lab:
        assert lab.message is not None
        assert lab.survey is None
        assert lab.target.text == "sample.eml"
        (signature,) = read_signatures(read_message(lab.message.raw))
        answer = await lab.resolver.query(signature.key_name, "TXT")
    assert answer.records("TXT")[0].startswith('"v=DKIM1; k=ed25519; p=')


def test_a_message_without_signature_needs_no_signing_library():
    script = (
        "import asyncio, sys\n"
        "from mxwalk.lab.lab import Lab\n"
        "from mxwalk.lab.scenario import load_scenario\n"
        "async def start():\n"
        "    async with Lab(load_scenario('spf-pass')) as lab:\n"
        "        assert lab.message is not None\n"
        "asyncio.run(start())\n"
        "print(sorted({'dkim', 'nacl'} & sys.modules.keys()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


async def test_the_lab_of_a_survey_has_what_is_to_be_surveyed():
    survey = '[survey]\nselectors = ["s1"]\nprobe = true\nsubdomains = ["www.example.com"]\n'
    text = f'{HEAD}{survey}sends = false\n[expect]\n[expect.verdicts]\n"roll-out" = "unknown"\n'
    async with Lab(parse_scenario("sample", text.encode())) as lab:
        assert lab.message is None
        assert lab.survey == SurveyInput(
            selectors=("s1",), probe=True, subdomains=("www.example.com",), sends=False
        )
        assert type(lab.survey) is SurveyInput
