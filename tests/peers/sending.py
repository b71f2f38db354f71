"""The sending Postfix, in a mount namespace whose resolv.conf names the lab's Unbound, and what its log tells."""

import re
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tests.peers.level_hosts import write_instance
from tests.peers.level_zones import TRUSTING
from tests.peers.situations import root

SUBMIT, SUBMIT_PORT = "127.0.26.9", 2526
LEVELS = ("none", "may", "encrypt", "dane", "dane-only", "verify", "secure")


def start_sender(where: Path) -> Path:
    """Start the Postfix that sends, in a mount namespace with the lab's resolv.conf."""
    (where / "root.pem").write_bytes(root().pem)
    levels = "".join(
        f"to-{level} unix - - n - - smtp\n    -o {{ smtp_tls_security_level = {level} }}\n"
        f"    -o {{ smtp_helo_name = {level}.sender.test }}\n"
        for level in LEVELS
    )
    choices = " ".join(f"{{ {level}@levels.invalid = to-{level}: }}" for level in LEVELS)
    sender = write_instance(
        where,
        "sender",
        f"myhostname = sender.test\nmynetworks = 127.0.0.0/8\n"
        "smtpd_relay_restrictions = permit_mynetworks, reject\nsmtp_dns_support_level = dnssec\n"
        f"smtp_tls_CAfile = {where}/root.pem\nsmtp_tls_loglevel = 1\nsmtp_helo_timeout = 60s\n"
        f"smtp_connect_timeout = 30s\nsmtp_starttls_timeout = 60s\nsmtp_mail_timeout = 60s\n"
        "smtp_rcpt_timeout = 60s\n"
        f"minimal_backoff_time = 1s\nmaximal_backoff_time = 30s\nqueue_run_delay = 1s\n"
        "default_process_limit = 60\nsmtp_tls_note_starttls_offer = no\n"
        "smtpd_client_message_rate_limit = 0\nsmtpd_client_connection_rate_limit = 0\n"
        f"sender_dependent_default_transport_maps = inline:{{ {choices} }}\n",
        f"{SUBMIT}:{SUBMIT_PORT} inet n - n - - smtpd\n" + levels,
    )
    in_namespace(where, f"postfix -c {sender / 'conf'} start")
    return sender


def in_namespace(
    where: Path, command: str, timeout: float = 60, *, resolv_conf: str = TRUSTING
) -> str:
    """Run a shell command that sees the lab's resolv.conf, or another; return its output."""
    script = f"mount --make-rprivate / && mount --bind {where}/{resolv_conf} /etc/resolv.conf && {command}"
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script],
        capture_output=True, text=True, timeout=timeout, check=False, cwd=where,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return done.stdout + done.stderr


_TRIES = 3  # a message that goes in clear where TLS failed goes at the second


@dataclass(frozen=True)
class Sent:
    """What a real sender did with one message."""

    status: str  # sent, deferred, bounced
    reason: str
    trust: str = ""  # the first word of the TLS summary, of the last connection made
    tries: int = 1


def submit(recipients: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Hand messages to the sending Postfix; map queue ids to (situation, level)."""
    found: dict[str, tuple[str, str]] = {}
    with socket.create_connection((SUBMIT, SUBMIT_PORT), timeout=20) as connection:
        lines = connection.makefile("rb")

        def say(text: str) -> str:
            if text:
                connection.sendall(text.encode() + b"\r\n")
            reply = lines.readline().decode()
            while reply[3:4] == "-":
                reply = lines.readline().decode()
            return reply

        say("")
        say("EHLO test")
        for label, domain in recipients.items():
            for level in LEVELS:
                say(f"MAIL FROM:<{level}@levels.invalid>")
                say(f"RCPT TO:<u@{domain}>")
                say("DATA")
                reply = say("Subject: test\r\n\r\ntest\r\n.")
                match = re.search(r"queued as (\w+)", reply)
                assert match, reply
                found[match[1]] = (label, level)
        say("QUIT")
    return found


_ANY_STATUS = re.compile(r"postfix/[\w-]+/?\w*\[(\d+)\]: (\w+): to=<.*?status=(\w+) \((.*)\)$")
_TRUST = re.compile(r"postfix/[\w-]+/?\w*\[(\d+)\]: (\w+) TLS connection established to")


def deliveries(
    log: Path, ids: dict[str, tuple[str, str]], retried: set[tuple[str, str]], timeout_s: float
) -> dict[tuple[str, str], Sent]:
    """Read the log until every message has a status, and those in ``retried`` were tried again."""
    end = time.monotonic() + timeout_s
    while True:
        results = read_log(log.read_text(), ids)
        waiting = [k for k in ids.values() if k not in results] + [
            k for k in retried if k in results and _may_go_yet(results[k])
        ]
        if not waiting or time.monotonic() > end:
            return results
        time.sleep(0.2)


def _may_go_yet(sent: Sent) -> bool:
    return sent.status == "deferred" and sent.tries < _TRIES


def read_log(text: str, ids: dict[str, tuple[str, str]]) -> dict[tuple[str, str], Sent]:
    """Return the last status of each message, with the TLS summary its process wrote before."""
    trust: dict[str, str] = {}
    found: dict[tuple[str, str], Sent] = {}
    for line in text.splitlines():
        if match := _TRUST.search(line):
            trust[match[1]] = match[2]
        elif (match := _ANY_STATUS.search(line)) and match[2] in ids:
            key = ids[match[2]]
            tries = found[key].tries + 1 if key in found else 1
            found[key] = Sent(match[3], match[4], trust.pop(match[1], ""), tries)
    return found
