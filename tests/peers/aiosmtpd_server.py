"""A program that serves aiosmtpd at each of the places a JSON file names, until it is ended.

Messages are taken and thrown away.
"""

import json
import signal
import ssl
import sys
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

_VERSIONS = {"TLSv1.2": ssl.TLSVersion.TLSv1_2, "TLSv1.3": ssl.TLSVersion.TLSv1_3}


def _context(place: dict[str, Any]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(place["chain"], place["key"])
    if place["versions"] in _VERSIONS:
        context.minimum_version = context.maximum_version = _VERSIONS[place["versions"]]
    return context


def _start(place: dict[str, Any]) -> Controller:
    match place["mode"]:
        case "none":
            more: dict[str, Any] = {}
        case "implicit":
            more = {"ssl_context": _context(place)}
        case mode:
            more = {"tls_context": _context(place), "require_starttls": mode == "required"}
    controller = Controller(
        Sink(), hostname=place["address"], port=place["port"], server_hostname=place["name"],
        ready_timeout=30, **more,
    )  # fmt: skip
    controller.start()
    return controller


def main() -> None:
    """Start them all; wait for the signal to end."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    started = [_start(place) for place in json.loads(Path(sys.argv[1]).read_text())]
    signal.sigwait({signal.SIGTERM})
    for one in started:
        one.stop()


if __name__ == "__main__":
    main()
