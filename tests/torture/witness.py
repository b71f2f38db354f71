"""The evidence held against what the proxy passed on: nothing in a trace that did not come."""

from mxwalk.evidence.connection import Exchanged
from mxwalk.evidence.wire import Layer
from tests.torture.stage import Ran
from tests.torture.truth import received


def false_evidence(ran: Ran) -> list[str]:
    """Return what a trace says of its connections and is not so, a sentence each."""
    wrong = []
    for step in ran.trace.steps:
        ending = getattr(step.evidence, "ending", None)
        if ending is not None and not (ending.detail and ending.detail.isprintable()):
            wrong.append(f"step {step.seq} ended without a printable reason: {ending.detail!r}")
    numbers = (link for link in ran.links if link.passed.name.startswith("smtp"))
    for steps, link in zip(ran.connections(), numbers, strict=False):
        came = received(steps, Layer.CLEAR, Layer.TLS_RECORDS)
        if not bytes(link.passed.to_client).startswith(came):
            wrong.append(f"{link.passed.name}: the trace holds octets that did not come")
        engine = ran.engines.get(link.passed.name)
        plain = received(steps, Layer.TLS_DATA)
        if plain and not (engine and bytes(engine.sent).startswith(plain)):
            wrong.append(f"{link.passed.name}: the trace holds plaintext that was not sent")
        for step in steps:
            if isinstance(step.evidence, Exchanged) and step.evidence.reply not in came + plain:
                wrong.append(f"step {step.seq}: its reply is not what came")
    return wrong
