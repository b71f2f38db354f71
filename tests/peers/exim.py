"""A real Exim that delivers one message at once, with DANE tried or required."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.peers.level_zones import TRUSTING
from tests.peers.levels import Lab
from tests.peers.sending import in_namespace
from tests.peers.servers import run
from tests.peers.situations import Situation

MODES = ("try", "require")
_CONFIGURATION = """\
primary_hostname = probe.test
exim_path = /usr/local/sbin/exim4
spool_directory = {here}/spool
log_file_path = {here}/log-%s
pid_file_path = {here}/pid
dns_dnssec_ok = 1
log_selector = +tls_certificate_verified +tls_cipher
never_users =
keep_environment =
begin routers
trying:
  driver = dnslookup
  senders = try@levels.invalid
  transport = try
  self = send
  no_more
requiring:
  driver = dnslookup
  transport = require
  self = send
begin transports
try:
  driver = smtp
  hosts_try_dane = *
  helo_data = try.probe.test
  tls_verify_certificates = {ca}
  connect_timeout = 30s
  command_timeout = 60s
require:
  driver = smtp
  hosts_require_dane = *
  helo_data = require.probe.test
  tls_verify_certificates = {ca}
  connect_timeout = 30s
  command_timeout = 60s
begin retry
* * F,1d,1h
"""


def deliver_all(
    lab: Lab, situations: Sequence[Situation] = (), *, resolv_conf: str = TRUSTING
) -> dict[tuple[str, str], tuple[str, str]]:
    """Send a message to every domain, or those given, in both modes; return (status, CV word) of each."""
    jobs = [(one, mode) for one in situations or lab.situations for mode in MODES]
    with ThreadPoolExecutor(8) as pool:
        texts = pool.map(lambda job: _deliver(lab, *job, resolv_conf), jobs)
        return {
            (one.label, mode): _read(text) for (one, mode), text in zip(jobs, texts, strict=True)
        }


def _deliver(lab: Lab, one: Situation, mode: str, resolv_conf: str) -> str:
    here = lab.directory / f"exim-{one.label}-{mode}-{resolv_conf}"
    (here / "spool").mkdir(parents=True)
    run("chown", "-R", "Debian-exim", here, cwd=lab.directory)
    ca = lab.directory / "root.pem"
    (here / "configuration").write_text(_CONFIGURATION.format(here=here, ca=ca))
    command = (
        "printf 'Subject: test\\n\\ntest\\n' | timeout 150 /usr/local/sbin/exim4"
        f" -C {here}/configuration -odf -f {mode}@levels.invalid u@{one.domain}"
    )
    in_namespace(lab.directory, command, 180, resolv_conf=resolv_conf)
    return Path(here / "log-main").read_text()


def _read(text: str) -> tuple[str, str]:
    first = re.search(r"^.* (=>|==|\*\*) u@.*$", text, re.MULTILINE)
    assert first, text
    status = {"=>": "sent", "==": "deferred", "**": "bounced"}[first[1]]
    verified = re.search(r" CV=(\w+)", first[0])
    return status, verified[1] if verified else ""
