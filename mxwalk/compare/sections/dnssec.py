"""DNSSEC: the status of each look-up, and the zone cuts from the trust anchor down."""

from collections.abc import Iterator

from mxwalk.compare.model import Fact, Part
from mxwalk.compare.side import Look
from mxwalk.delivery.validated import Validated, validated, validated_in
from mxwalk.dnssec.model import ZoneLink
from mxwalk.language import noted, say
from mxwalk.text import visible

ID = "dnssec"
TITLE = noted("DNSSEC")
UNIT = "dns"


def parts(look: Look) -> Iterator[Part]:
    """Yield a part for each question that was validated, and one for all zone cuts."""
    if look.whole:
        found = validated(look.delivery)
    else:
        found = tuple(
            item
            for place in look.hosts
            for step in (place.host.address_step, place.host.tlsa_step)
            for item in validated_in(look.delivery, step)
        )
    on_lab = bool(look.side.trace.header.scenario)  # which makes its keys when it starts
    links: dict[str, tuple[ZoneLink, int]] = {}
    for item in found:
        yield Part(
            key=(item.validation.question.qname.lower(), item.validation.question.rtype),
            place=visible(str(item.validation.question), 300),
            facts=tuple(_status(item)),
            step=item.step.seq,
            optional=True,
        )
        for hop in item.validation.hops:
            for link in hop.links:
                links.setdefault(link.zone, (link, item.step.seq))
    for zone, (link, seq) in links.items():
        yield Part(
            key=("zone", zone),
            place=say("zone {zone}", zone=visible(zone, 300)),
            facts=tuple(_cut(link, seq, on_lab=on_lab)),
            step=seq,
            optional=True,
        )
        if link.keys:  # those of an unsigned zone are not asked for
            yield Part(
                key=("keys", zone),
                place=say("zone {zone}", zone=visible(zone, 300)),
                facts=tuple(_keys(link, seq, on_lab=on_lab)),
                step=seq,
                optional=True,
            )


def _status(item: Validated) -> Iterator[Fact]:
    found = item.validation
    why = visible(found.sentence, 400)
    yield Fact(
        key="status",
        subject=say("status"),
        value=f"{found.status.value}: {why}" if why else found.status.value,
        same=f"{found.status.value} {found.reason.value if found.reason else ''}",
        step=item.step.seq,
    )


def _cut(link: ZoneLink, seq: int, *, on_lab: bool) -> Iterator[Fact]:
    why = visible(link.sentence, 400)
    yield Fact(
        key="status",
        subject=say("zone cut"),
        value=f"{link.status.value}: {why}" if why else link.status.value,
        same=f"{link.status.value} {link.reason.value if link.reason else ''}",
        step=seq,
    )
    for ds in link.ds:
        yield Fact(
            key=f"DS {ds.key_tag} {ds.algorithm} {ds.digest_type} {ds.digest}",
            subject="DS" if link.parent else say("trust anchor"),
            value=f"{ds.key_tag} {ds.algorithm} {ds.digest_type} {ds.digest}",
            same=f"{ds.algorithm} {ds.digest_type}" if on_lab else "",
            step=seq,
            rival="DS",
        )


def _keys(link: ZoneLink, seq: int, *, on_lab: bool) -> Iterator[Fact]:
    for key in link.keys:
        yield Fact(
            key=f"DNSKEY {key.flags} {key.algorithm} {key.key_tag}",
            subject="DNSKEY",
            value=say(
                "flags {flags}, algorithm {algorithm}, tag {tag}",
                flags=key.flags,
                algorithm=key.algorithm,
                tag=key.key_tag,
            ),
            same=f"{key.flags} {key.algorithm}" if on_lab else "",
            step=seq,
            rival=f"DNSKEY {key.flags}",
        )
