"""A CA kept by the system's ``openssl ca``, its lists, and its responder on loopback."""

import contextlib
import os
import re
import select
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.tls.pki import Issued

_CONFIG = """
[ca]
default_ca = kept
[kept]
database = {folder}/index.txt
serial = {folder}/serial
crlnumber = {folder}/crlnumber
certificate = {folder}/ca.pem
private_key = {folder}/ca.key
default_md = sha256
default_crl_days = 7
unique_subject = no
crl_extensions = list
[list]
authorityKeyIdentifier = keyid
"""
_PORT = re.compile(rb"ACCEPT \S*?:(\d+)")


def write(one: Issued, folder: Path, name: str) -> Path:
    """Write a certificate and its key as PEM; return where the certificate is."""
    key = one.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / f"{name}.key").write_bytes(key)
    path = folder / f"{name}.pem"
    path.write_bytes(one.pem)
    return path


def openssl(*arguments: object, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    """Run ``openssl`` and return what came of it."""
    command = ["openssl", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, timeout=30, check=False)
    assert not check or done.returncode == 0, done.stderr.decode()
    return done


@dataclass
class KeptCa:
    """A folder with the database of ``openssl ca``."""

    folder: Path
    ca: Issued
    written: int = 0

    def __post_init__(self) -> None:
        write(self.ca, self.folder, "ca")
        (self.folder / "ca.cnf").write_text(_CONFIG.format(folder=self.folder))
        (self.folder / "index.txt").touch()
        (self.folder / "crlnumber").write_text("1000\n")

    def run(self, *arguments: object) -> None:
        openssl("ca", "-config", self.folder / "ca.cnf", "-batch", *arguments)

    def knows(self, one: Issued) -> None:
        """Enter a certificate as valid."""
        self.run("-valid", self._written(one))

    def revokes(self, one: Issued, *how: object) -> None:
        """Revoke a certificate; ``how`` are options of ``openssl ca -revoke``."""
        self.run("-revoke", self._written(one), *how)

    def list(self, *how: object) -> Path:
        """Make a CRL (PEM) with ``openssl ca -gencrl``; return where it is."""
        self.written += 1
        path = self.folder / f"list{self.written}.pem"
        self.run("-gencrl", "-out", path, *how)
        return path

    def _written(self, one: Issued) -> Path:
        self.written += 1
        return write(one, self.folder, f"one{self.written}")

    @contextlib.contextmanager
    def responder(self, signer: Issued | None = None, *how: object) -> Iterator[int]:
        """Run ``openssl ocsp -port``; yields the port."""
        by = write(signer, self.folder, "signer") if signer else self.folder / "ca.pem"
        command = [
            "openssl", "ocsp", "-index", self.folder / "index.txt", "-CA", self.folder / "ca.pem",
            "-rsigner", by, "-rkey", by.with_suffix(".key"), "-port", "0", "-timeout", "20", *how,
        ]  # fmt: skip
        process = subprocess.Popen(
            list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        try:
            yield _port(process)
        finally:
            process.kill()
            process.communicate(timeout=10)


def _port(process: subprocess.Popen[bytes]) -> int:
    """Wait until the responder says where it listens."""
    assert process.stdout is not None
    said, until = b"", time.monotonic() + 20
    while (match := _PORT.search(said)) is None or b"\n" not in said[match.start() :]:
        ready, _, _ = select.select([process.stdout], [], [], max(0.0, until - time.monotonic()))
        chunk = os.read(process.stdout.fileno(), 4096) if ready else b""
        assert chunk, f"openssl ocsp does not listen: {said.decode()}"
        said += chunk
    return int(match.group(1))


def post(port: int, body: bytes) -> bytes:
    """POST an OCSP request as RFC 6960 A.1 has it; return the body that came."""
    head = (
        f"POST / HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/ocsp-request\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(head.encode() + body)
        came = b""
        while chunk := connection.recv(65_536):
            came += chunk
            head_end = came.find(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: *(\d+)", came[: max(head_end, 0)])
            if length and len(came) >= head_end + 4 + int(length.group(1)):
                break
    assert came.split(b"\r\n", 1)[0].split()[1] == b"200", came[:200]
    return came.split(b"\r\n\r\n", 1)[1]
