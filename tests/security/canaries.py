"""Marks that are planted wherever a secret may lie, and the search for them in what comes out.

A mark is found as text in any case, in base64 at any of its three alignments (traces keep bytes so), in
hexadecimal, percent-encoded, and with what markup puts between letters taken away.
"""

import base64
import re
from pathlib import Path
from urllib.parse import unquote

USER = "canaryuser"
SECRET = "canarysecret"
SETTING = "canarysetting"
KEY = "canarykeybytes"
PASSWORD = "canarypassword"
# Never in anything that may be passed on, redacted or not.
NOWHERE = (USER, SECRET, SETTING, KEY, PASSWORD)


def found(marks: tuple[str, ...], data: bytes) -> list[str]:
    """Return which of the marks are in ``data`` in any form."""
    text = data.decode("utf-8", "replace").lower()
    texts = (text, unquote(text), re.sub(r"[\\\s\"]+|&[#\w]+;|<[^>]*>", "", text))
    raw = data.decode("latin-1")
    return [
        mark
        for mark in marks
        if any(mark in one for one in texts)
        or mark.encode().hex() in text
        or any(core in raw for core in _base64_cores(mark))
    ]


def _base64_cores(mark: str) -> tuple[str, ...]:
    """Return what of the mark's base64 does not hang on the bytes beside it, at each alignment."""
    cores = []
    for spelling in (mark, mark.upper()):
        for before in range(3):
            encoded = base64.b64encode(b"\0" * before + spelling.encode()).decode().rstrip("=")
            cores.append(encoded[4 if before else 0 : -2])
    return tuple(cores)


def planted_home(directory: Path) -> Path:
    """Make a home directory full of marks; return it."""
    home = directory / "home" / USER
    for name, text in (
        (".ssh/id_ed25519", f"-----BEGIN OPENSSH PRIVATE KEY-----\n{SECRET}\n"),
        (".netrc", f"machine mx.example.net login x password {SECRET}\n"),
        (".config/mxwalk/settings.toml", f'theme = "nord"\n{SETTING} = "{SETTING}"\n'),
        (".local/state/mxwalk/options.json", f'{{"helo": "{SETTING}.example.org"}}'),
    ):
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return home


ENVIRONMENT = {
    "USER": USER,
    "LOGNAME": USER,
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "SMTP_PASSWORD": SECRET,
    "HTTP_PROXY": f"http://{SECRET}:{SECRET}@127.0.0.1:9",
    "HTTPS_PROXY": f"http://{SECRET}:{SECRET}@127.0.0.1:9",
    "SSH_AUTH_SOCK": f"/tmp/{SECRET}",
    "EDITOR": f"vi-{SECRET}",
    "MXWALK_SOMETHING": SECRET,
}
