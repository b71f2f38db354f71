"""Which root certificates are trusted: the system's bundle, certifi's, a file's, or the lab's.

A store is PEM text and a note of where it came from; OpenSSL parses the certificates when a
handshake needs them.  Certificates are only read here, never judged: an expired root is the
verification's business.
"""

import base64
import binascii
import contextlib
import os
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from mxwalk.errors import UsageError
from mxwalk.evidence.tls import TrustStore
from mxwalk.files import named, without_home
from mxwalk.language import say
from mxwalk.limits import TRUST_STORE_BYTES
from mxwalk.reading import open_file
from mxwalk.text import visible
from mxwalk.tls.pem import pem_certificates
from mxwalk.wordings import system_words

# Where systems keep their bundle of root certificates.
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Alpine, Arch
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # RHEL, Fedora
    "/etc/pki/tls/certs/ca-bundle.crt",  # older RHEL
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # macOS, Alpine, OpenBSD, FreeBSD
    "/usr/local/share/certs/ca-root-nss.crt",  # FreeBSD with ca_root_nss
)


@dataclass(frozen=True, slots=True)
class LoadedStore:
    """A trust store ready for use: what a trace records of it, and its certificates as PEM."""

    evidence: TrustStore
    pem: bytes = field(repr=False)

    @classmethod
    def from_pem(cls, kind: str, path: str, pem: bytes) -> "LoadedStore":
        """Make a store of PEM certificates; anything around them is ignored."""
        roots = sum(1 for _ in pem_certificates(pem))
        return cls(TrustStore(kind=kind, path=path, roots=roots), pem)

    @property
    def ders(self) -> tuple[bytes, ...]:
        """The certificates in DER; what is no base64 is left out."""
        return _ders(self.pem)


@lru_cache(maxsize=4)
def _ders(pem: bytes) -> tuple[bytes, ...]:
    found = []
    for block in pem_certificates(pem):
        lines = [line for line in block.splitlines() if not line.startswith(b"-----")]
        with contextlib.suppress(binascii.Error):
            found.append(base64.b64decode(b"".join(lines)))
    return tuple(found)


def stores_beside(chosen: LoadedStore, *, on_lab: bool) -> tuple[LoadedStore, ...]:
    """Return the trust stores to tell the verdicts of beside the chosen one's.

    Those of the system and of certifi, and one without a root: what a sender without a CA file has.
    A lab's chains end in its own root, and no system knows it; there the system's is left out, so that
    a scenario looks the same everywhere.
    """
    empty = LoadedStore(TrustStore(kind="empty", path="", roots=0), b"")
    others = [] if on_lab else [_system()]
    others.append(_certifi())
    kinds = {chosen.evidence.kind}
    kept = []
    for store in (*others, empty):
        if store.evidence.kind not in kinds:
            kinds.add(store.evidence.kind)
            kept.append(store)
    return tuple(kept)


def load_store(choice: str) -> LoadedStore:
    """Load ``system``, ``certifi``, or a PEM file or a directory of PEM files.

    ``system`` honours SSL_CERT_FILE and falls back to certifi, which the evidence then says.  Raises
    ``UsageError`` when the choice cannot be read or holds no certificate.
    """
    match choice:
        case "system":
            return _system()
        case "certifi":
            return _certifi()
        case "":
            raise UsageError(say("no trust store is named; use system, certifi or a PEM file"))
        case _:
            return _from_path(named(choice))


def _system() -> LoadedStore:
    named = os.environ.get("SSL_CERT_FILE", "")
    if named:
        store = _from_path(Path(named))
        return LoadedStore.from_pem("system", store.evidence.path, store.pem)
    for bundle in map(Path, _BUNDLES):
        if bundle.is_file():
            store = LoadedStore.from_pem("system", str(bundle), _read(bundle))
            if store.evidence.roots:
                return store
    return _certifi()


def _certifi() -> LoadedStore:
    import certifi

    path = Path(certifi.where())
    return LoadedStore.from_pem("certifi", without_home(str(path)), _read(path))


def _from_path(path: Path) -> LoadedStore:
    if path.is_dir():
        pem = _read_directory(path)
    elif path.exists():
        pem = _read(path)
    else:
        raise UsageError(
            say(
                "the trust store {path} does not exist; name a PEM file, system or certifi",
                path=_shown(path),
            )
        )
    store = LoadedStore.from_pem("file", without_home(str(path)), pem)
    if not store.evidence.roots:
        raise UsageError(
            say(
                "the trust store {path} holds no PEM certificate (none begins with {begins})",
                path=_shown(path),
                begins='"-----BEGIN CERTIFICATE-----"',
            )
        )
    _check(path, pem)
    return store


def _check(path: Path, pem: bytes) -> None:
    """Refuse a file of the user's with a certificate that cannot be read: trust would be partial."""
    from mxwalk.tls.roots import unreadable

    bad = unreadable(pem)
    if bad:
        raise UsageError(
            say(
                "the trust store {path} cannot be used: certificate {number} in it is unreadable",
                path=_shown(path),
                number=bad[0],
            )
        )


def _read(path: Path) -> bytes:
    try:
        with open_file(path) as file:
            pem = file.read(TRUST_STORE_BYTES + 1)
    except OSError as error:
        why = system_words(error).lower()
        raise UsageError(
            say("the trust store {path} cannot be read: {why}", path=_shown(path), why=why)
        ) from error
    if len(pem) > TRUST_STORE_BYTES:
        raise _too_long(path)
    return pem


def _too_long(path: Path) -> UsageError:
    return UsageError(
        say(
            "the trust store {path} is longer than {limit} bytes",
            path=_shown(path),
            limit=TRUST_STORE_BYTES,
        )
    )


def _read_directory(path: Path) -> bytes:
    """Join the PEM files of a directory; files that are links to the same file count once."""
    try:
        files = sorted({file.resolve() for file in path.iterdir() if file.is_file()})
    except OSError as error:
        raise UsageError(
            say("the trust store {path} cannot be listed", path=_shown(path))
        ) from error
    parts: list[bytes] = []
    total = 0
    for file in files:
        if file.suffix.lower() not in {".pem", ".crt", ".cer"}:
            continue
        parts.append(_read(file))
        total += len(parts[-1])
        if total > TRUST_STORE_BYTES:
            raise _too_long(path)
    return b"\n".join(parts)


def _shown(path: Path) -> str:
    return visible(str(path), 200)
