"""The lab's SMTP hosts: scripted sessions behind loopback listeners."""

from collections.abc import Callable, Sequence

from mxwalk.lab.channel import Channel
from mxwalk.lab.host import HostSpec, Staple
from mxwalk.lab.listeners import Listeners, Place, Serve
from mxwalk.lab.pki import ServerIdentity
from mxwalk.lab.smtp_script import SmtpSession

Identities = Callable[[str, str], ServerIdentity]
Staples = Callable[[str, Staple], bytes]


class SmtpHosts(Listeners):
    """All SMTP hosts of a scenario; an async context manager with their ``mapping``.

    ``identities`` gives the chain and key for a certificate's name and the second one's, ``staples``
    the OCSP response for the first.
    """

    def __init__(
        self,
        hosts: Sequence[HostSpec],
        identities: Identities,
        rtt_s: float = 0.0,
        staples: Staples | None = None,
    ) -> None:
        self._identities = identities
        self._staples = staples
        places = [
            Place(at=host.at, arrival=host.arrival, prepare=self._preparing(host)) for host in hosts
        ]
        super().__init__(places, rtt_s)

    def _preparing(self, host: HostSpec) -> Callable[[], Serve]:
        def prepare() -> Serve:
            identity = None
            staple = b""
            if host.certificate:
                identity = self._identities(host.certificate, host.second_certificate)
                staple = self._staples(host.certificate, host.staple) if self._staples else b""

            async def serve(channel: Channel) -> None:
                await SmtpSession(host, identity, channel, staple).run()

            return serve

        return prepare
