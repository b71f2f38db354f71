"""Revocation: what CRLs and OCSP responders say of certificates, and what that is worth.

RFC 5280 5 and 6.3, RFC 6960, RFC 5019, RFC 7633 and RFC 9608.  Lists and responses are read from
bytes and judged from evidence; whatever a peer sends is described, never raised.  Nothing is fetched
here.
"""
