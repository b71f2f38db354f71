"""Policy hosts of MTA-STS for a real nginx: what each serves, and what is to be said of it."""

from dataclasses import dataclass
from pathlib import Path

from mxwalk.mtasts.fetch import FetchFault
from tests.peers.openssl_ca import write
from tests.tls.pki import DAY, NOW, issue, pki

ENFORCE = b"version: STSv1\nmode: enforce\nmx: mx01.example.com\nmax_age: 1209600\n"
PATH = "/.well-known/mta-sts.txt"
FILE = f"location = {PATH} {{ default_type text/plain; alias @folder@/@name@.txt; }}"


@dataclass(frozen=True)
class Served:
    """A policy host: its file, the location it is served by, its certificate, and what is expected."""

    name: str
    body: bytes = ENFORCE
    location: str = FILE
    certificate: str = "own"
    fault: FetchFault = FetchFault.NONE
    codes: frozenset[str] = frozenset()

    @property
    def domain(self) -> str:
        """The mail domain."""
        return f"{self.name}.example"


def served(name: str, *codes: str, **more: object) -> Served:
    return Served(name=name, codes=frozenset(codes), **more)  # type: ignore[arg-type]


HOSTS = [
    served("good"),
    served("crlf", body=ENFORCE.replace(b"\n", b"\r\n")),
    served("chunked", location=FILE.replace("{ ", "{ ssi on; ssi_types text/plain; ", 1)),
    served("gzip", location=FILE.replace("{ ", "{ gzip on; gzip_min_length 1; ", 1)),
    served("charset", location=FILE.replace("{ ", "{ charset utf-8; ", 1)),
    served("testing", "STS021", body=ENFORCE.replace(b"enforce", b"testing")),
    served("blank-line", "STS011", body=ENFORCE + b"\n"),
    served("invalid", "STS010", body=ENFORCE.replace(b"enforce", b"enforced")),
    served("empty", "STS010", body=b""),
    served("binary", "STS010", "STS011", body=bytes(range(256))),
    served("html", "STS008", location=FILE.replace("text/plain", "text/html"),
           fault=FetchFault.MEDIA_TYPE),
    served("untyped", "STS008", location=FILE.replace("default_type text/plain; ", ""), fault=FetchFault.MEDIA_TYPE),
    served("missing", "STS005", location="", fault=FetchFault.STATUS),
    served("denied", "STS005", location=f"location = {PATH} {{ return 403; }}",
           fault=FetchFault.STATUS),
    served("moved", "STS007", location=f"location / {{ return 301 https://www.example.com{PATH}; }}",
           fault=FetchFault.REDIRECT),
    served("large", "STS005", body=ENFORCE + b"x: y\n" * 20_000, fault=FetchFault.BODY),
    served("closed", "STS005", location=f"location = {PATH} {{ return 444; }}",
           fault=FetchFault.NO_ANSWER),
    served("other-name", "STS006", certificate="other", fault=FetchFault.CERTIFICATE),
    served("expired", "STS006", certificate="expired", fault=FetchFault.CERTIFICATE),
    served("self-signed", "STS006", certificate="self", fault=FetchFault.CERTIFICATE),
    served("no-issuer", "STS006", certificate="alone", fault=FetchFault.CERTIFICATE),
]  # fmt: skip


def block(one: Served, folder: Path, number: int) -> str:
    """Write a policy and its certificate; return the server block of nginx."""
    host = f"mta-sts.{one.domain}"
    ca = pki().intermediate
    match one.certificate:
        case "other":
            leaf = issue("other", ca, dns=("www.example.com",))
        case "expired":
            leaf = issue(host, ca, dns=(host,), begins=NOW - 60 * DAY, ends=NOW - DAY)
        case "self":
            leaf = issue(host, dns=(host,))
        case _:
            leaf = issue(host, ca, dns=(host,))
    path = write(leaf, folder, one.name)
    if one.certificate in ("own", "other", "expired"):
        path.write_bytes(leaf.pem + ca.pem)
    (folder / f"{one.name}.txt").write_bytes(one.body)
    location = one.location.replace("@folder@", str(folder)).replace("@name@", one.name)
    return (
        f"server {{ listen 127.0.0.1:{number} ssl; server_name {host};"
        f" ssl_certificate {path}; ssl_certificate_key {folder}/{one.name}.key; {location} }}"
    )
