"""Names of issuers compared as RFC 5280 7.1 wants it."""

import pytest
from cryptography import x509
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.revocation.names import same_name
from mxwalk.tls.authority_names import name_text


def dn(text: str, kind: _ASN1Type = _ASN1Type.UTF8String, organization: str = "") -> bytes:
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, text, kind)]
    if organization:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization))
    return x509.Name(attributes).public_bytes()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (dn("Example CA"), dn("Example CA"), True),
        (dn("Example CA"), dn("Example CA", _ASN1Type.PrintableString), True),
        (dn("Example CA"), dn("EXAMPLE ca"), True),
        (dn("Example CA"), dn("Example  CA"), True),
        (dn("Example CA"), dn("Example CB"), False),
        (dn("Example CA"), dn("Example CA", organization="x"), False),
        (dn("a,O=b"), dn("a", organization="b"), False),
        (dn("Example CA"), b"", False),
        (b"", b"", False),
        (b"junk", b"junk", True),
        (b"junk", b"junx", False),
        (b"\x30\x00", b"\x30\x00", True),
    ],
)
def test_names_are_compared_without_case_spaces_and_string_types(one, other, same):
    assert same_name(one, other) is same
    assert same_name(other, one) is same


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_any_bytes_are_compared(one, other):
    assert same_name(one, other) in {True, False}
    assert name_text(one).isprintable()
