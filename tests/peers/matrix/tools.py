"""What s_client, posttls-finger, swaks and ldns-dane say of a receiving host, in the words of scenarios."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.peers.levels import Lab
from tests.peers.matrix.scenarios import (
    EXPIRED,
    NO_ISSUER,
    NOT_YET,
    SELF_SIGNED,
    TRUSTED,
    WRONG_NAME,
)
from tests.peers.sending import in_namespace
from tests.peers.tls_hosts import IMPLICIT, TlsHost

NO_STARTTLS, ALERT, REFUSED = "no STARTTLS", "an alert ends the handshake", "not trusted"
TAKEN = "taken in clear"
_CODES = {
    0: TRUSTED,
    9: NOT_YET,
    10: EXPIRED,
    18: SELF_SIGNED,
    20: NO_ISSUER,
    21: NO_ISSUER,
    62: WRONG_NAME,
}
_FINGER = (
    (r"certificate has expired", EXPIRED),
    (r"certificate not yet valid", NOT_YET),
    (r"hostname mismatch", WRONG_NAME),
    (r"self-signed certificate", SELF_SIGNED),
    (r"untrusted issuer|unable to get local issuer", NO_ISSUER),
)
_ALERT = "alert internal error"
_TIMEOUT_S = 60


@dataclass(frozen=True)
class Asked:
    """A host to be looked at, in its mail domain."""

    lab: Lab
    domain: str
    host: TlsHost

    @property
    def ca_file(self) -> Path:
        """The root everybody trusts."""
        return self.lab.directory / "root.pem"


def _run(where: Path, *words: object, typed: str = "") -> str:
    done = subprocess.run(
        [str(word) for word in words], cwd=where, input=typed, check=False, capture_output=True,
        text=True, errors="replace", timeout=_TIMEOUT_S,
    )  # fmt: skip
    return done.stdout + done.stderr


def _failed(text: str) -> str:
    return ALERT if _ALERT in text else f"no TLS: {text[-200:]}"


def s_client(one: Asked) -> str:
    """Return ``version, certificate`` as ``openssl s_client`` has them."""
    starting = () if one.host.mode == IMPLICIT else ("-starttls", "smtp")
    text = _run(
        one.lab.directory, "openssl", "s_client", *starting,
        "-connect", f"{one.host.address}:{one.host.port}", "-servername", one.host.name,
        "-verify_hostname", one.host.name, "-CAfile", one.ca_file, "-no-CApath", "-crlf", typed="QUIT\n",
    )  # fmt: skip
    if "Didn't find STARTTLS" in text:
        return NO_STARTTLS
    version = re.search(r"^New, (\S+), Cipher is (?!\(NONE\))", text, re.MULTILINE)
    if version is None or _ALERT in text:
        return _failed(text)
    code = int((re.search(r"Verify return code: (\d+)", text) or ["", "-1"])[1])
    return f"{version[1]}, {_CODES.get(code, f'code {code}')}"


def posttls_finger(one: Asked, level: str) -> str:
    """Return ``version, certificate`` at ``verify``, ``version, trust word`` at ``dane``."""
    wrapped = "-w" if one.host.mode == IMPLICIT else ""
    where = f"[{one.host.name}]:{one.host.port}" if level == "verify" else one.domain
    text = in_namespace(
        one.lab.directory,
        f"MAIL_CONFIG={one.lab.directory}/sender/conf timeout 50 posttls-finger -c -t 20 -T 20 {wrapped}"
        f" -l {level} -F {one.ca_file} {where}",
    )
    found = re.search(r"(\w+) TLS connection established to \S+ (\S+) with cipher", text)
    if found is None:  # where STARTTLS is not offered it prints nothing at all
        return _failed(text) if text.strip() else NO_STARTTLS
    trust, version = found[1], found[2]
    if level == "dane":
        return f"{version}, {trust}"
    if trust == "Verified":
        return f"{version}, {TRUSTED}"
    why = next((word for pattern, word in _FINGER if re.search(pattern, text)), trust)
    return f"{version}, {why}"


def swaks(one: Asked) -> str:
    """Return ``version, trusted``, or that the certificate was refused, as ``swaks --tls-verify`` has it."""
    how = "--tls-on-connect" if one.host.mode == IMPLICIT else "--tls"
    text = _run(
        one.lab.directory, "swaks", "--server", one.host.address, "--port", one.host.port, how,
        "--tls-verify", "--tls-ca-path", one.ca_file, "--tls-sni", one.host.name,
        "--helo", "probe.example.net", "--quit-after", "TLS", "--timeout", "30",
    )  # fmt: skip
    started = re.search(r"TLS started with cipher (TLSv[\d.]+):", text)
    if started:
        return f"{started[1]}, {TRUSTED}"
    if "certificate verify failed" in text:
        return REFUSED
    return NO_STARTTLS if "did not advertise STARTTLS" in text else _failed(text)


def swaks_in_clear(one: Asked) -> str:
    """Return whether a recipient is taken without TLS, or the code with which it is not."""
    text = _run(
        one.lab.directory, "swaks", "--server", one.host.address, "--port", one.host.port,
        "--helo", "probe.example.net", "--from", "a@example.net", "--to", f"u@{one.domain}",
        "--quit-after", "RCPT", "--timeout", "30",
    )  # fmt: skip
    refused = re.search(r"^<\*\* (\d+)", text, re.MULTILINE)
    if refused:
        return refused[1]
    return TAKEN if re.search(r"RCPT TO.*\n<-  250", text) else f"?: {text[-200:]}"


def ldns_dane(one: Asked, chain: Path) -> str:
    """Return whether ``ldns-dane`` validates a chain by the TLSA records: it speaks no STARTTLS itself."""
    text = in_namespace(
        one.lab.directory,
        f"timeout 50 ldns-dane -k {one.lab.directory}/anchor.key -c {chain} -f {one.ca_file}"
        f" verify {one.host.name} {one.host.port}",
    )
    if "dane-validated successfully" in text:
        return "match"
    return "no match" if "did not dane-validate" in text else f"?: {text[-300:]}"
