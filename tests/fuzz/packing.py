"""Reports as they travel: plain, packed, in an archive, in an e-mail; the same every time."""

import base64
import gzip
import io
import zipfile
from collections.abc import Callable, Mapping


def _zipped(data: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr(zipfile.ZipInfo("report.xml", (2026, 1, 1, 0, 0, 0)), data)
    return file.getvalue()


def _gzipped(data: bytes) -> bytes:
    return gzip.compress(data, 1, mtime=0)


def _mailed(kind: bytes, name: bytes) -> Callable[[bytes], bytes]:
    def mail(data: bytes) -> bytes:
        return (
            b"From: reports@example.net\r\nTo: tls@example.com\r\nSubject: Report domain: example.com\r\n"
            b"MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=tlsrpt; boundary=b\r\n\r\n"
            b"--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n--b\r\nContent-Type: " + kind + b"\r\n"
            b"Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=" + name
            + b"\r\n\r\n" + base64.encodebytes(data) + b"--b--\r\n"
        )  # fmt: skip

    return mail


def ways(kind: bytes, name: bytes) -> Mapping[str, Callable[[bytes], bytes]]:
    """Return the ways in which a report with this media type and file name travels."""
    mail = _mailed(kind, name)
    return {
        "plain": lambda data: data,
        "gzip": _gzipped,
        "twice": lambda data: _gzipped(_gzipped(data)),
        "zip": _zipped,
        "stored": lambda data: _zipped(data, zipfile.ZIP_STORED),
        "mail": lambda data: mail(_gzipped(data)),
        "mail of zip": lambda data: mail(_zipped(data)),
        "members": lambda data: _gzipped(data[: len(data) // 2]) + _gzipped(data[len(data) // 2 :]),
    }
