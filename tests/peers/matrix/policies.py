"""MTA-STS policies served by nginx, fetched by us and asked for through ``openssl s_client``."""

import asyncio
import re
import subprocess
import tempfile
from pathlib import Path

from mxwalk.clock import FixedClock
from mxwalk.evidence.fetch import Purpose
from mxwalk.http.model import POLICY_TERMS, FetchLimits
from mxwalk.mtasts.advice import policy_url
from mxwalk.mtasts.fetch import FetchFault
from mxwalk.mtasts.state import judge_sts
from mxwalk.walk.steps.policies import policy_evidence
from tests.http.parts import ADDRESS, Names, fetcher
from tests.peers.matrix.opinions import Opinion
from tests.peers.matrix.section import Section
from tests.peers.nginx import free_port, nginx
from tests.peers.policy_hosts import HOSTS, PATH, Served, block
from tests.tls.pki import NOW, pki

TITLE, NGINX = "Policy hosts", "nginx"
PROGRAMS = ("nginx", "openssl")
_ANSWER = {
    FetchFault.NONE: "200", FetchFault.MEDIA_TYPE: "200", FetchFault.BODY: "200",
    FetchFault.REDIRECT: "301", FetchFault.NO_ANSWER: "no answer",
    FetchFault.CERTIFICATE: "a certificate that is not valid",
}  # fmt: skip
_STATUS = {"missing": "404", "denied": "403"}


def survey() -> Section:
    """Run nginx; return what we made of each policy host, and what s_client met."""
    with tempfile.TemporaryDirectory(prefix="mxwalk-policies-") as where:
        folder, port = Path(where), free_port()
        folder.chmod(0o755)
        (folder / "root.pem").write_bytes(pki().root.pem)
        blocks = [block(one, folder, port) for one in HOSTS]
        with nginx(folder, "\n".join(blocks), port):
            ours = asyncio.run(_ours(port))
            theirs = [_s_client(one, folder, port) for one in HOSTS]
    opinions = [*ours, *theirs]
    return Section(
        TITLE,
        "nginx serves a policy for each of these domains.  Our own fetch says whether the policy came and"
        " what is wrong if it did not; `s_client` sends the same request and reports the answer's status"
        " or its objection to the certificate.",
        ("Policy host", "what a fetch comes to"),
        {one.name: one.fault.value for one in HOSTS},
        (NGINX,),
        opinions,
    )


async def _ours(port: int) -> list[Opinion]:
    found = []
    for one in HOSTS:
        client = fetcher(
            {(ADDRESS, 443): port},
            store=pki().store,
            clock=FixedClock(NOW),
            names=Names({f"mta-sts.{one.domain}": (ADDRESS,)}),
            limits=FetchLimits(timeout_s=20),
        )
        result = await client.get(policy_url(one.domain), Purpose.STS_POLICY, POLICY_TERMS)
        fault = judge_sts(one.domain, None, policy_evidence(one.domain, result)).fault
        found.append(Opinion(TITLE, one.name, NGINX, "mxwalk", fault.value, one.fault.value))
    return found


def _s_client(one: Served, folder: Path, port: int) -> Opinion:
    host = f"mta-sts.{one.domain}"
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-servername", host,
         "-verify_hostname", host, "-verify_return_error", "-CAfile", folder / "root.pem",
         "-no-CApath", "-attime", str(int(NOW.timestamp())), "-quiet"],
        input=f"GET {PATH} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode(),
        capture_output=True, timeout=30, check=False,
    )  # fmt: skip
    status = re.match(rb"HTTP/1\.1 (\d+) ", done.stdout)
    if status:
        said = status[1].decode()
    elif b"certificate verify failed" in done.stderr:
        said = _ANSWER[FetchFault.CERTIFICATE]
    else:
        said = _ANSWER[FetchFault.NO_ANSWER]
    wanted = _STATUS.get(one.name) or _ANSWER[one.fault]
    return Opinion(TITLE, one.name, NGINX, "s_client", said, wanted)
