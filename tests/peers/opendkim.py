"""A real OpenDKIM that signs and verifies single messages in its test mode, without any network."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

_INSERTED = re.compile(
    r"### INSHEADER: idx=\d+ hname='([^']+)' hvalue='(.*?)'$", re.DOTALL | re.MULTILINE
)
_RESULT = re.compile(r"\bdkim=(\w+)")


def _run(here: Path, configuration: str, raw: bytes) -> dict[str, str]:
    """Pass a message through the filter; return the fields it would insert."""
    (here / "conf").write_text(f"Syslog no\nRequireSafeKeys false\n{configuration}")
    (here / "message").write_bytes(raw)
    done = subprocess.run(
        ["opendkim", "-x", here / "conf", "-t", here / "message", "-vv"],
        capture_output=True,
        timeout=30,
        check=False,
        cwd=here,
    )
    assert done.returncode == 0, done.stderr
    return dict(_INSERTED.findall(done.stdout.decode()))


def verify(here: Path, raw: bytes, keys: Mapping[str, bytes]) -> list[str]:
    """Return OpenDKIM's ``dkim=`` results for a message, its keys being those given."""
    lines = [f"{name} {record.decode()}" for name, record in keys.items()]
    (here / "keys").write_text("\n".join([*lines, "none.invalid v=DKIM1; p=", ""]))
    fields = _run(here, f"Mode v\nAuthservID mx.example.net\nTestPublicKeys {here}/keys\n", raw)
    return _RESULT.findall(fields.get("Authentication-Results", ""))


def sign(here: Path, raw: bytes, key_pem: bytes, canon: str, more: str = "") -> bytes:
    """Return the message with OpenDKIM's signature of ``example.com``, selector ``sel``, on top."""
    (here / "key.pem").write_bytes(key_pem)
    fields = _run(
        here,
        "Mode s\nDomain example.com\nSelector sel\nInternalHosts 0.0.0.0/0\n"
        f"KeyFile {here}/key.pem\nCanonicalization {canon}\n{more}",
        raw,
    )
    value = fields["DKIM-Signature"].replace("\n", "\r\n")
    return f"DKIM-Signature: {value}\r\n".encode() + raw
