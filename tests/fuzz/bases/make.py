"""Makes the bases that are missing: ``python -m tests.fuzz.bases.make``."""

import asyncio
import base64
import gzip
import json

import msgspec

from mxwalk.evidence.journal import dump_trace
from mxwalk.evidence.step import Step
from tests.fuzz.bases.signed import FILE
from tests.fuzz.bases.walks import HERE, SCENARIOS
from tests.walk.harness import lab_walk, run


def _without_wire(step: Step) -> Step:
    """Leave out the octets of TLS records; they repeat what the evidence says and are never read."""
    if step.kind.value in {"handshake", "sts-policy", "chain", "classic-groups", "legacy-tls"}:
        return msgspec.structs.replace(step, wire=())
    return msgspec.structs.replace(step, wire=step.wire[:2])


async def _walked(name: str) -> bytes:
    async with lab_walk(name) as walk:
        await run(walk)
        steps = tuple(_without_wire(step) for step in walk.trace.steps)
        return dump_trace(msgspec.structs.replace(walk.trace, steps=steps))


def _signed() -> bytes:
    from tests.dnssec.world import World, records

    world = World()
    zone = world.zone
    mx = zone.signed(records("example.test.", "MX", "10 mx.example.test."))
    world.put("example.test", "MX", mx)
    closest = [
        *zone.nsec3("example.test.", "NS SOA"),
        *zone.nsec3("mx.example.test.", "A", covers=True),
        *zone.nsec3("*.example.test.", "A", covers=True),
    ]
    world.put("mx.example.test", "TLSA", [], [*zone.soa(), *closest], rcode=3)
    world.put(
        "a.example.test",
        "A",
        [],
        [*zone.soa(), *zone.nsec("a.example.test.", "b.example.test.", "MX")],
    )
    alias = zone.signed(records("www.example.test.", "CNAME", "example.test."))
    world.put("www.example.test", "MX", [*alias, *mx])
    tlsa = records("_25._tcp.example.test.", "TLSA", "3 1 1 " + "ab" * 32)
    world.put("_25._tcp.example.test", "TLSA", zone.signed(tlsa))
    answers = [
        {"qname": one.qname, "rtype": one.rtype, "wire": base64.b64encode(one.wire).decode()}
        for one in world.answers
    ]
    return json.dumps({"anchors": list(world.anchors.lines), "answers": answers}, indent=0).encode()


def main() -> None:
    """Make what is missing."""
    for name in SCENARIOS:
        path = HERE / f"{name}.gz"
        if not path.exists():
            path.write_bytes(gzip.compress(asyncio.run(_walked(name)), 9, mtime=0))
            print(path.name, path.stat().st_size)
    if not FILE.exists():
        FILE.write_bytes(_signed())
        print(FILE.name, FILE.stat().st_size)


if __name__ == "__main__":
    main()
