"""TLSA records of each host, and whether they match what the server presented."""

from collections.abc import Iterator

from mxwalk.compare.model import Fact, Part
from mxwalk.compare.sections.common import ANSWERED, CHARS
from mxwalk.compare.side import Look
from mxwalk.delivery.dane import dane_result
from mxwalk.language import noted, say
from mxwalk.text import visible

ID = "tlsa"
TITLE = noted("TLSA records (DANE)")
UNIT = "tlsa"


def parts(look: Look) -> Iterator[Part]:
    """Yield a part for each host's records, and one for each connection they were held against."""
    for place in look.hosts:
        state = place.host.dane
        if state is None or state.step is None:
            continue
        facts = [
            Fact(
                key="standing",
                subject=say("what DANE asks"),
                value=visible(state.reason or state.standing.value, 400),
                same=state.standing.value,
                step=state.step,
            )
        ]
        yield Part(key=(place.key,), place=place.name, facts=tuple(facts), step=state.step)
        facts = []
        for answer in state.tlsa:
            base = visible(answer.base_domain, 300)
            for record in answer.records:
                text = visible(record.rdata, CHARS)
                facts.append(
                    Fact(
                        key=f"{base} {text}",
                        subject=f"TLSA {record.parameters}",
                        value=text,
                        step=state.step,
                        rival=f"TLSA {record.parameters}",
                    )
                )
        if state.tlsa:  # below an insecure answer nobody asks (RFC 7672 2.2)
            key = (place.key, "records")
            found_all = all(answer.status in ANSWERED for answer in place.host.tlsa_answers)
            yield Part(
                key=key,
                place=place.name,
                facts=tuple(facts),
                step=state.step,
                blind=() if found_all else ("",),
            )
        for address in place.addresses:
            attempt = address.attempt
            found = dane_result(look.delivery, place.host, attempt) if attempt else None
            if found is not None:
                yield Part(
                    key=(address.key, "match"),
                    place=address.place,
                    facts=(
                        Fact(
                            key="match",
                            subject=say("the records against the certificates"),
                            value=visible(found.reason or found.authentication.value, 400),
                            same=found.authentication.value,
                            step=state.step,
                        ),
                    ),
                    step=state.step,
                )
