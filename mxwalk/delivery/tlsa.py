"""Where a host's TLSA records are asked for: the retrieval rules on what this delivery looked up."""

from mxwalk.dane.lookup import Looked, questions
from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.security import security_of


def tlsa_base_domains(delivery: Delivery, host: Host) -> tuple[str, ...]:
    """Return the TLSA base domains of a host in order; none where the rules ask for none."""
    if host.lookup is None:
        return ()
    security = security_of(delivery.trace)
    looked = []
    for answer in host.lookup.answers:
        validation = security.of(answer)
        if validation is None:
            return ()
        looked.append(Looked(answer=answer, validation=validation))
    return questions(host.planned.name, looked).base_domains
