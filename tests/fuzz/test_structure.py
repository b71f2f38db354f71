"""Changes by structure get past the outermost reader, and what is not changed stays as it was."""

import io
import json
import random

import pytest

from mxwalk.errors import TraceError
from mxwalk.evidence.journal import read_trace
from tests.fuzz import packing
from tests.fuzz.bases.signed import signed
from tests.fuzz.bases.walks import SCENARIOS, lines
from tests.fuzz.choices import Choices
from tests.fuzz.registry import CORPUS, TARGETS, load
from tests.fuzz.structure import der, dns, pieces, steps, tree

CERTIFICATES = [path.read_bytes()[:-1] for path in sorted((CORPUS / "certificates").iterdir())]


def chosen(seed: int) -> Choices:
    return Choices(random.Random(seed).randbytes(300))


def test_der_is_put_together_as_it_was() -> None:
    whole = [data for data in CERTIFICATES if der.parse(data)]
    assert len(whole) > len(CERTIFICATES) / 2
    for data in whole:
        nodes = der.parse(data)
        assert nodes is not None
        assert der.build(nodes) == data


def test_changed_der_is_der_still() -> None:
    data = next(data for data in CERTIFICATES if der.parse(data))
    changed = [der.mutate(data, chosen(seed)) for seed in range(100)]
    assert len(set(changed)) > 60
    assert sum(der.parse(each or b"\x30") is not None for each in changed) > 90


def test_dns_messages_are_put_together_as_they_were_and_changed_at_a_record() -> None:
    for number, (_, _, wire) in enumerate(signed().answers):
        message = dns.parse(wire)
        assert message is not None
        assert message.built() == wire
        changed = dns.mutate(wire, chosen(number))
        assert changed is not None
        assert dns.parse(changed) is not None


def test_changed_json_is_json_and_what_is_none_is_left_alone() -> None:
    document = json.dumps({"a": [1, {"b": "x"}], "c": {"d": [True, None]}}).encode()
    changed = {tree.mutate(document, chosen(seed)) for seed in range(50)}
    assert len(changed) > 25
    for each in changed:
        json.loads(each or b"x")
    assert tree.mutate(b"{", chosen(1)) is None


def test_pieces_of_a_text_are_joined_again() -> None:
    text = b"v=STSv1; id=1;\nmode: enforce\n"
    for cut in (pieces.LINES, pieces.FIELDS, pieces.TAGS):
        assert b"".join(cut.split(text)) == text
        assert len({pieces.mutate(text, chosen(seed), cut) for seed in range(20)}) > 10


@pytest.mark.parametrize("number", range(len(SCENARIOS)), ids=SCENARIOS)
def test_walks_are_read_as_they_are_and_mostly_when_they_are_changed(number: int) -> None:
    whole = read_trace(io.BytesIO(b"\n".join(lines(number)) + b"\n"))
    assert not whole.damage
    assert len(whole.steps) == len(lines(number)) - 1
    read = 0
    for seed in range(10):
        few = Choices(random.Random(seed).randbytes(12))
        try:
            read += bool(read_trace(io.BytesIO(steps.changed(lines(number), few))).steps)
        except TraceError:
            continue
    assert read >= 3


def test_reports_travel_in_the_same_octets_every_time() -> None:
    for way in packing.ways(b"application/gzip", b"x.gz").values():
        assert way(b"<feedback/>") == way(b"<feedback/>")


@pytest.mark.parametrize("name", TARGETS)
def test_structured_changes_of_a_corpus_never_fail_and_stay_within_their_size(name: str) -> None:
    target = load(name)
    for number, path in enumerate(sorted((CORPUS / name).iterdir())[:12]):
        changed = target.mutate(path.read_bytes(), chosen(number))
        assert changed is None or isinstance(changed, bytes)
