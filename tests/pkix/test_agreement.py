"""Our explanation and OpenSSL agree on every generated chain.

First against ``X509StoreContext`` (purpose ``sslserver``), which stops at its first objection: ours
must be the same, at the same depth, for the same reason, on the same path.  Then against handshakes,
which collect all of OpenSSL's objections: no reason may be missing, and none too many.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.evidence.tls import VerifyError
from mxwalk.pkix.build import build_path
from mxwalk.pkix.model import Reason
from mxwalk.pkix.openssl import verify_again
from mxwalk.pkix.reasons import reason_of
from mxwalk.pkix.validate import explain_chain
from mxwalk.tls.verify_errors import verify_error_name
from tests.generated import examples
from tests.pkix.chains import Case, random_case
from tests.pkix.handshakes import handshake

CHAINS = 3_000
BATCH = 500
HANDSHAKES = 300


def agreed_reason(case: Case, note: str) -> Reason | None:
    """Compare our explanation with OpenSSL's; return the reason of the first objection."""
    errors, path = verify_again(case.sent, case.anchors, case.at)
    built = build_path(case.sent, case.anchors, case.at)
    assert built.ders == tuple(one.der for one in path), note
    explained = explain_chain(case.sent, path, case.at, anchors=case.anchors)
    assert explained.valid is not bool(errors), note
    if not errors:
        return None
    first = explained.objections[0]
    assert (first.depth, first.reason) == (errors[0].depth, reason_of(errors[0].code)), note
    assert first.sentence, note
    assert first.fix, note
    return first.reason


@pytest.mark.parametrize("batch", range(CHAINS // BATCH))
def test_chains_get_the_verdict_the_reason_and_the_path_that_openssl_finds(batch: int) -> None:
    seen: set[Reason | None] = set()
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        case = random_case(seed)
        seen.add(agreed_reason(case, f"seed {seed}: {', '.join(case.notes)}"))
    assert {
        None,
        Reason.EXPIRED,
        Reason.NOT_YET_VALID,
        Reason.ISSUER_MISSING,
        Reason.NOT_A_CA,
        Reason.NAME_CONSTRAINT,
        Reason.PURPOSE,
        Reason.SIGNATURE,
    } <= seen


@given(st.integers(min_value=1 << 20, max_value=1 << 60))
@examples(100)
def test_chains_nobody_chose_get_the_verdict_and_the_reason_of_openssl(seed: int) -> None:
    case = random_case(seed)
    agreed_reason(case, f"seed {seed}: {', '.join(case.notes)}")


def told(errors: tuple[VerifyError, ...]) -> set[tuple[int, Reason]]:
    return {(error.depth, reason_of(error.code)) for error in errors}


def test_handshakes_report_the_objections_we_find_and_no_others() -> None:
    compared = with_several = 0
    for seed in range(HANDSHAKES):
        case = random_case(seed)
        seen = handshake(case.sent, case.key, case.anchors, case.at)
        if seen is None:  # a certificate no server can be started with
            continue
        errors, path = seen
        note = f"seed {seed}: {', '.join(case.notes)}; {[error.name for error in errors]}"
        alone = explain_chain(case.sent, path, case.at, anchors=case.anchors)
        ours = {(one.depth, one.reason) for one in alone.objections}
        assert ours <= told(errors), note
        judged = explain_chain(case.sent, path, case.at, errors=errors)
        assert judged.disputed == (), note
        assert {(one.depth, one.reason) for one in judged.objections} == ours, note
        assert not any("OpenSSL says" in one.sentence for one in judged.objections), note
        compared += 1
        with_several += len(errors) > 1
    assert compared > HANDSHAKES * 0.95
    assert with_several > HANDSHAKES * 0.1


def test_an_objection_we_do_not_find_is_told_in_openssls_words() -> None:
    case = next(one for one in map(random_case, range(99)) if agreed_reason(one, "") is None)
    _, path = verify_again(case.sent, case.anchors, case.at)
    strange = VerifyError(depth=0, code=46, name=verify_error_name(46), text="RFC 3779 \x1b[2J")
    explained = explain_chain(case.sent, path, case.at, errors=(strange,))
    assert not explained.valid
    (only,) = explained.objections
    assert only.reason is Reason.OTHER
    assert "RFC 3779 \\x1b[2J" in only.sentence
    assert "X509_V_ERR_UNNESTED_RESOURCE" in only.sentence


def test_an_objection_openssl_does_not_share_is_disputed_and_does_not_count() -> None:
    case = next(
        one for one in map(random_case, range(99)) if agreed_reason(one, "") is Reason.EXPIRED
    )
    _, path = verify_again(case.sent, case.anchors, case.at)
    explained = explain_chain(case.sent, path, case.at, anchors=case.anchors, errors=())
    assert explained.valid
    assert any(one.reason is Reason.EXPIRED for one in explained.disputed)
