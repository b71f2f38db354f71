"""What holds for every receiver, whatever a domain publishes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mxwalk.evidence.trace import Purpose
from mxwalk.receivers.registry import judges
from mxwalk.senders.model import Outcome
from tests.generated import examples
from tests.receivers.walks import CLIENT, SPF, keyed, mail, walk

OTHER = "203.0.113.9"
POLICIES = st.sampled_from(["none", "quarantine", "reject", "Reject", "strict", ""])
TAGS = st.fixed_dictionaries(
    {"p": POLICIES},
    optional={
        "sp": POLICIES,
        "np": POLICIES,
        "t": st.sampled_from(["y", "n", "x"]),
        "pct": st.sampled_from(["0", "50", "100", "200"]),
        "adkim": st.sampled_from(["r", "s"]),
        "aspf": st.sampled_from(["r", "s"]),
        "psd": st.sampled_from(["y", "n", "u"]),
        "rua": st.just("mailto:d@example.com"),
    },
)


@examples(60)
@given(tags=TAGS, forged=st.booleans(), signed=st.booleans(), name=st.sampled_from(["", "www."]))
def test_receivers_keep_to_their_documents(
    tags: dict[str, str], forged: bool, signed: bool, name: str
) -> None:
    record = "; ".join(["v=DMARC1", *(f"{tag}={value}" for tag, value in tags.items() if value)])
    txt = {**SPF, **keyed(), "_dmarc.example.com": record}
    raw = mail(f"alice@{name}example.com", *(["example.com sel"] if signed else []))
    delivery = walk(raw, txt, ip=OTHER if forged else CLIENT).all()
    found = {one.id: one.judge(delivery) for one in judges(Purpose.MESSAGE)}
    assert found["rfc9989"].outcome is not Outcome.REJECTED  # RFC 9989 7.4
    assert found["esa"].outcome in (Outcome.ACCEPTED, Outcome.ACCEPTED_AUTHENTIC)  # No Action
    if set(tags.values()) <= {"none"}:  # nothing is asked for
        assert found["rfc7489"].outcome in (Outcome.ACCEPTED, Outcome.ACCEPTED_AUTHENTIC)
    if not name and (signed or not forged):  # the very name passes, in any mode
        assert found["rfc9989"].outcome is Outcome.ACCEPTED_AUTHENTIC
        assert found["rfc7489"].outcome is Outcome.ACCEPTED_AUTHENTIC
    for one in found.values():
        assert (one.code == "5.7.1") == (one.outcome is Outcome.REJECTED)
        assert one.reason
        assert one.next_action
