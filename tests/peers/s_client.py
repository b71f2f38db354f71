"""What ``openssl s_client -starttls smtp`` prints of a server, as the values it names."""

import re
import select
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

_QUIET_S = 0.4  # no output for so long: nothing more comes
_PATIENCE_S = 20.0
_SUMMARY = b"Verify return code:"


@dataclass(frozen=True)
class Printed:
    """The values in s_client's own words; empty where it printed none."""

    text: str

    def _find(self, pattern: str) -> str:
        found = re.search(pattern, self.text, re.MULTILINE)
        return found[1].strip() if found else ""

    @property
    def protocol(self) -> str:
        """The protocol version of the session."""
        return self._find(r"^\s*Protocol\s*: (\S+)$") or self._find(r"^New, (\S+), Cipher is")

    @property
    def cipher(self) -> str:
        """The cipher, empty for ``(NONE)``."""
        name = self._find(r"^New, \S+, Cipher is (\S+)$")
        return "" if name == "(NONE)" else name

    @property
    def temp_key(self) -> str:
        """The server's ephemeral key."""
        return self._find(r"^(?:Server|Peer) Temp Key: (.*)$")

    @property
    def signature(self) -> tuple[str, str]:
        """Digest and type of the server's signature."""
        digest = self._find(r"^Peer signing digest: (.*)$")
        return digest, self._find(r"^Peer signature type: (.*)$")

    @property
    def verify_code(self) -> int:
        """The result of the verification."""
        return int(self._find(r"^\s*Verify return code: (\d+)") or -1)

    @property
    def certificates(self) -> int:
        """How many certificates were sent."""
        return len(re.findall(r"^ *\d+ s:", self.text, re.MULTILINE))

    @property
    def secure_renegotiation(self) -> bool:
        """Whether secure renegotiation is supported."""
        return "Secure Renegotiation IS supported" in self.text

    @property
    def extended_master_secret(self) -> bool:
        """Whether the master secret is extended."""
        return self._find(r"^\s*Extended master secret: (.*)$") == "yes"

    @property
    def tickets(self) -> tuple[int, ...]:
        """The lifetimes of the session tickets."""
        found = re.findall(r"session ticket lifetime hint: (\d+)", self.text)
        return tuple(int(one) for one in found)

    @property
    def session_id_octets(self) -> int:
        """The length of the session's ID; of a session with a ticket it is s_client's own."""
        return len(self._find(r"^\s*Session-ID: ([0-9A-F]*)$")) // 2

    @property
    def authorities(self) -> tuple[str, ...]:
        """The acceptable client CAs, one line each."""
        listed = self._find(
            r"Acceptable client certificate CA names\n((?:(?!Client |Requested |Peer |Server |---).*\n)*)"
        )
        return tuple(listed.splitlines())

    @property
    def asks_for_certificate(self) -> bool:
        """Whether the server sent a CertificateRequest."""
        return "Requested Signature Algorithms:" in self.text or bool(self.authorities)

    @property
    def alpn(self) -> str:
        """The protocol negotiated."""
        return self._find(r"^ALPN protocol: (.*)$")

    @property
    def stapled(self) -> bool:
        """Whether an OCSP response came with the certificate."""
        return bool(re.search(r"OCSP Response Status:", self.text))


def s_client(address: str, port: int, name: str, ca_file: Path, *options: str) -> Printed:
    """Connect with s_client and return what it printed until nothing more came."""
    command = ["openssl", "s_client", "-starttls", "smtp", "-connect", f"{address}:{port}",
               "-CAfile", str(ca_file), "-no-CApath", "-status", *options]  # fmt: skip
    command += ["-servername", name] if name else ["-noservername"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout is not None
        output, until, asked = b"", time.monotonic() + _PATIENCE_S, False
        while time.monotonic() < until:
            if _SUMMARY in output and not asked:  # an exchange inside brings the tickets along
                assert process.stdin is not None
                process.stdin.write(b"ehlo probe.example.net\r\n")
                process.stdin.flush()
                asked = True
            patience = _QUIET_S if asked else _PATIENCE_S
            if not select.select([process.stdout], [], [], patience)[0]:
                break
            more = process.stdout.read1(65_536)
            if not more:
                break
            output += more
        assert process.stdin is not None
        process.stdin.close()  # s_client ends, and writes what it had kept back
        while time.monotonic() < until and select.select([process.stdout], [], [], 2.0)[0]:
            more = process.stdout.read1(65_536)
            if not more:
                break
            output += more
        process.kill()
    return Printed(output.decode("utf-8", "replace"))
