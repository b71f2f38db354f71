"""Each step of a path, from a certificate to its issuer, explained (RFC 5280 6.1.3).

A link holds when the names are equal and the issuer's key made the signature; key identifiers only
help to find the issuer.  Where another key at hand made the signature, or other certificates exist
for the same name and key (cross-signing), the link says so.
"""

import itertools

from mxwalk.limits import PATH_ISSUERS_TRIED, PATH_SIGNATURES
from mxwalk.pkix.model import Link
from mxwalk.pkix.signatures import check_signature
from mxwalk.pkix.traits import key_ids
from mxwalk.tls.certificate import read_certificate
from mxwalk.tls.keys import SignatureCheck


def explain_links(path: tuple[bytes, ...], others: tuple[bytes, ...]) -> tuple[Link, ...]:
    """Explain each link of ``path``; ``others`` are further certificates at hand."""
    by_subject: dict[tuple[bytes, ...], list[bytes]] = {}
    for der in dict.fromkeys((*path, *others)):
        facts = read_certificate(der)
        if facts.readable:
            by_subject.setdefault(facts.subject_canonical, []).append(der)
    links: list[Link] = []
    signatures = 0
    for depth, (child, issuer) in enumerate(itertools.pairwise(path)):
        same_name = by_subject.get(read_certificate(issuer).subject_canonical, [])
        check = check_signature(child, issuer)
        tried = [issuer]
        if check is SignatureCheck.WRONG and signatures < PATH_SIGNATURES:
            tried = _others_by_name(child, issuer, by_subject)
            signatures += len(tried)
        links.append(_link(depth, child, issuer, check, tried, same_name))
    return tuple(links)


def _link(
    depth: int,
    child: bytes,
    issuer: bytes,
    check: SignatureCheck,
    tried: list[bytes],
    same_name: list[bytes],
) -> Link:
    below, above = read_certificate(child), read_certificate(issuer)
    by = next(
        (
            read_certificate(der).spki_sha256
            for der in tried
            if check_signature(child, der) is SignatureCheck.VERIFIED
        ),
        "",
    )
    return Link(
        depth=depth,
        child=child,
        issuer=issuer,
        names_equal=below.issuer_canonical == above.subject_canonical,
        key_ids=key_ids(above, below),
        signature=check,
        verified_by=by,
        alternatives=tuple(
            der
            for der in same_name
            if der != issuer and read_certificate(der).spki_sha256 == above.spki_sha256
        )[:PATH_ISSUERS_TRIED],
    )


def _others_by_name(
    child: bytes, issuer: bytes, by_subject: dict[tuple[bytes, ...], list[bytes]]
) -> list[bytes]:
    named = by_subject.get(read_certificate(child).issuer_canonical, ())
    return [der for der in named if der != issuer][:PATH_ISSUERS_TRIED]
