"""Server identity: presented identifiers, reference identifiers, and every comparison of them.

Vocabulary and rules: RFC 6125, RFC 9525; the two flows of the Cisco ESA from its TLS verification
document.  Everything is a pure function of the certificate and of ``IdentityGathered``.
"""
