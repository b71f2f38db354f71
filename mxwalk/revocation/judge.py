"""The standing of each certificate of a path by everything that was asked (RFC 5280 6.3, RFC 6960).

A revocation by any source that may say so wins; then comes a current "good"; then whatever tells most
of why nobody knows.
"""

from datetime import datetime
from typing import assert_never

from mxwalk.evidence.connection import RevocationChecked
from mxwalk.evidence.revocation import CrlAsked, NotAsked, OcspAsked, RevocationOf
from mxwalk.language import noted, say
from mxwalk.revocation.judge_crl import judge_crl
from mxwalk.revocation.judge_ocsp import judge_ocsp
from mxwalk.revocation.model import (
    CertificateStanding,
    SourceKind,
    SourceStanding,
    Standing,
    Staple,
)
from mxwalk.revocation.plan import Pointers, pointers
from mxwalk.revocation.words import source_name
from mxwalk.tls.certificate import read_certificate

# Who decides where sources differ, first to last.
_PRECEDENCE = (
    Standing.REVOKED,
    Standing.GOOD,
    Standing.UNKNOWN,
    Standing.INVALID,
    Standing.EXPIRED_DATA,
    Standing.UNREACHABLE,
)
_NOT_ASKED = {
    None: noted("nobody was asked"),
    NotAsked.OFFLINE: noted("nobody was asked: offline"),
    NotAsked.NO_PATH: noted("nobody was asked: no issuer above it is known"),
}


def judge_revocation(
    checked: RevocationChecked, *, at: datetime
) -> tuple[CertificateStanding, ...]:
    """Return the standing at ``at`` of each certificate, from the leaf up; never raises."""
    return tuple(_judged(of, checked.not_asked, at) for of in checked.certificates)


def _judged(of: RevocationOf, not_asked: NotAsked | None, at: datetime) -> CertificateStanding:
    sources = tuple(_source(asked, of, at) for asked in of.asked)
    whom = pointers(of.depth, of.certificate, of.issuer)
    if not of.issuer and not of.asked:
        not_asked = NotAsked.NO_PATH  # whatever else: nobody's answer could have been believed
    standing, sentence, decided_by = overall(sources, whom, not_asked)
    staple, staple_sentence = _staple(of, sources)
    return CertificateStanding(
        depth=of.depth,
        certificate=of.certificate,
        standing=standing,
        sentence=sentence,
        sources=sources,
        decided_by=decided_by,
        disagreement=_disagreement(sources),
        exempt=whom.exempt,
        staple=staple,
        staple_sentence=staple_sentence,
    )


def _source(asked: CrlAsked | OcspAsked, of: RevocationOf, at: datetime) -> SourceStanding:
    match asked:
        case CrlAsked():
            return judge_crl(asked, of, at)
        case OcspAsked():
            return judge_ocsp(asked, of, at)
        case _:
            assert_never(asked)


def overall(
    sources: tuple[SourceStanding, ...], whom: Pointers, not_asked: NotAsked | None = None
) -> tuple[Standing, str, SourceStanding | None]:
    """Return the standing by these sources together, in a sentence, and the source that decided."""
    for standing in _PRECEDENCE:
        found = [source for source in sources if source.standing is standing]
        if found:
            best = max(found, key=_weight)
            return standing, f"{best.sentence} ({source_name(best)})", best
    if not whom.asks:  # whether or not its issuer is known: there is nobody to ask
        return Standing.NOT_APPLICABLE, whom.nothing, None
    return Standing.NOT_CHECKED, say(_NOT_ASKED[not_asked]), None


def _weight(source: SourceStanding) -> tuple[bool, float]:
    """Of several sources with one standing the one with a reason counts, then the newest."""
    reason = source.revocation is not None and bool(source.revocation.reason)
    return reason, source.this_update.timestamp() if source.this_update else 0.0


def _disagreement(sources: tuple[SourceStanding, ...]) -> str:
    said = {
        standing: next((one for one in sources if one.standing is standing), None)
        for standing in (Standing.GOOD, Standing.REVOKED)
    }
    good, revoked = said[Standing.GOOD], said[Standing.REVOKED]
    if good is None or revoked is None:
        return ""
    return say(
        "{good} calls it good, {revoked} revoked: the revocation counts, whichever is older",
        good=source_name(good),
        revoked=source_name(revoked),
    )


def _staple(of: RevocationOf, sources: tuple[SourceStanding, ...]) -> tuple[Staple, str]:
    required = read_certificate(of.certificate).must_staple
    stapled = [source for source in sources if source.kind is SourceKind.STAPLE]
    if of.depth > 0:
        text = say("the CA asks for staples from those it certifies (RFC 7633 4.2.2)")
        return (Staple.NOT_SEEN, text) if required else (Staple.NONE, "")
    if not stapled:
        text = say("the certificate demands a stapled OCSP response (RFC 7633), and none came")
        return (Staple.REQUIRED_MISSING, text) if required else (Staple.NONE, "")
    if not required:
        return Staple.SENT, say("the server stapled an OCSP response")
    if any(source.standing in {Standing.GOOD, Standing.REVOKED} for source in stapled):
        return Staple.REQUIRED_SENT, say(
            "the stapled OCSP response that the certificate demands came"
        )
    text = say(
        "a stapled OCSP response is demanded, and what came is no use: {sentence}",
        sentence=stapled[0].sentence,
    )
    return Staple.REQUIRED_UNUSABLE, text
