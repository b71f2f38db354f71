"""HTTP/1.1 for what certificates and policies point at: CRLs, OCSP responders, issuers, MTA-STS.

Requests go over the same dialer, connection, TLS engine and limits as the walk itself, so that what
a server showed is evidence of the same kind.  Addresses come from strangers: which of them may be
asked is decided before anything is dialled.
"""
