"""The lab's DNS server: UDP and TCP on one loopback port, answering as a validating recursor."""

from collections.abc import Mapping, Sequence

from mxwalk.clock import Clock, SystemClock
from mxwalk.lab.dns_faults import Fault
from mxwalk.lab.zones import ZoneSpec


class LabDns:
    """A recursor for a root of its own.

    ``faults`` maps (name without trailing dot, type) to a fault, with ``*`` for any; every answer is
    held back ``rtt_s`` seconds.  ``clock`` gives the time the signatures are made around.
    """

    def __init__(
        self,
        zones: Sequence[ZoneSpec],
        faults: Mapping[tuple[str, str], Fault],
        rtt_s: float = 0.0,
        *,
        clock: Clock | None = None,
    ) -> None:
        self.address = "127.0.0.1"
        self.port = 0
        self._clock = clock or SystemClock()
        self._zones = tuple(zones)
        self._faults = faults
        self._rtt_s = rtt_s

    @property
    def trust_anchor(self) -> str:
        """The root's DS record as zone-file text."""
        raise NotImplementedError

    async def start(self) -> None:
        """Bind an ephemeral port and answer from then on."""

    async def stop(self) -> None:
        """Close all sockets."""
