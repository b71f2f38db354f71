"""How long it takes to explain a chain; ``measure`` is run by the benchmark of the whole."""

import statistics
import time
from collections.abc import Callable

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from mxwalk.pkix import signatures, subtrees
from mxwalk.pkix.openssl import verify_again
from mxwalk.pkix.validate import explain_chain
from mxwalk.tls import certificate, keys
from tests.pkix.chains import NOW, Plan, make, named
from tests.pkix.world import below, leaf, leaf_plan, lower, lower_plan, root, upper

RUNS = 15
_CACHES = (
    certificate.read_certificate,
    certificate.public_key_info,
    keys.signed_by,
    signatures.check_signature,
    subtrees.read_names,
    subtrees.read_subtrees,
)


def _cold() -> None:

    for cache in _CACHES:
        cache.cache_clear()


def _median_s(work: Callable[[], object], *, cold: bool) -> float:
    times = []
    for _ in range(RUNS):
        if cold:
            _cold()
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def rsa_chain() -> tuple[tuple[bytes, ...], bytes]:
    """Return a chain as most are today, with RSA keys of 2048 bits, and its root."""
    plans = [
        Plan(named(name), rsa.generate_private_key(65_537, 2048), ca=True)
        for name in ("Root", "Upper", "Lower")
    ]
    top, middle, low = plans
    end = leaf_plan(key=rsa.generate_private_key(65_537, 2048))
    below(middle, top)
    below(low, middle)
    below(end, low)
    return (make(end), make(low), make(middle), make(top)), make(top)


def measure() -> tuple[tuple[str, float], ...]:
    """Return (what, seconds), each the median of several runs."""
    found = []
    chain, anchor = rsa_chain()
    errors, path = verify_again(chain, (anchor,), NOW)
    assert not errors

    def explain() -> None:
        assert explain_chain(chain, path, NOW, anchors=(anchor,)).valid

    found.append(("explain a chain of 4 certificates (RSA 2048)", _median_s(explain, cold=True)))
    found.append(("explain it again", _median_s(explain, cold=False)))
    found.append(
        (
            "OpenSSL verifies the same chain",
            _median_s(lambda: verify_again(chain, (anchor,), NOW), cold=False),
        )
    )
    names = tuple(x509.DNSName(f"host{number}.example.net") for number in range(1_000))
    many = make(leaf_plan(names=names))
    found.append(
        (
            "read a certificate of 1,000 names",
            _median_s(lambda: certificate.read_certificate(many), cold=True),
        )
    )
    constraints = x509.NameConstraints([x509.DNSName("example.net")], [x509.DNSName("b.test")])
    constrained = make(lower_plan(name_constraints=constraints))

    def explain_many() -> None:
        sent = (many, constrained, upper())
        assert explain_chain(sent, (), NOW, anchors=(root(),)).valid

    found.append(
        ("explain a chain with 1,000 names under constraints", _median_s(explain_many, cold=True))
    )
    twins = tuple(
        make(Plan(named("Lower"), lower_plan().key, ca=True, serial=number + 1))
        for number in range(995)
    )
    sent = (leaf(), lower(), upper(), *twins)

    def explain_crowd() -> None:
        explain_chain(sent, (), NOW, anchors=(root(),))

    found.append(("explain 998 certificates of one name", _median_s(explain_crowd, cold=True)))
    return tuple(found)


if __name__ == "__main__":
    for what, seconds in measure():
        print(f"{what:55} {seconds * 1000:9.2f} ms")
