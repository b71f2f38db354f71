"""What a connection gives reason for besides its own dialogue: more looks, and issuers to fetch."""

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.looks import completed, looks_are_over, retried_as
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.target import Options
from mxwalk.tls.certificate import read_certificate

# OpenSSL's numbers (x509_vfy.h): an issuer that was neither sent nor known.
_ISSUER_MISSING = frozenset({2, 20, 21})


def asked_for(options: Options) -> tuple[StepKind, ...]:
    """Return the looks that were asked for."""
    nameless = (StepKind.WITHOUT_SNI,) if options.without_sni else ()
    other = (StepKind.OTHER_LEAF,) if options.both_leaves else ()
    return (*nameless, *other)


def further_looks(attempt: Attempt, options: Options) -> tuple[StepKind, ...]:
    """Return the looks there is reason for, in order; one that succeeds ends the retries."""
    handshake = attempt.handshake
    if handshake is None or looks_are_over(attempt):
        return ()
    retries = retried_as(handshake)
    if completed(attempt, StepKind.CLASSIC_GROUPS):
        retries = tuple(kind for kind in retries if kind is StepKind.CLASSIC_GROUPS)
    asked = list(asked_for(options))
    if StepKind.WITHOUT_SNI in asked and not handshake.sni:
        asked.remove(StepKind.WITHOUT_SNI)
    if StepKind.OTHER_LEAF in asked and handshake.ending is not None:
        asked.remove(StepKind.OTHER_LEAF)
    return (*retries, *asked)


def wants_issuers(attempt: Attempt, options: Options) -> bool:
    """Say whether an issuer is missing that the last certificate of the path says where to find."""
    chain = attempt.chain
    if chain is None or options.offline or not lacks_issuer(attempt):
        return False
    top = chain.path[-1].der if chain.path else b""
    return bool(read_certificate(top).ca_issuer_urls)


def lacks_issuer(attempt: Attempt) -> bool:
    """Say whether OpenSSL found nobody above the last certificate of its path."""
    errors = attempt.chain.errors if attempt.chain else ()
    return any(error.code in _ISSUER_MISSING for error in errors)
