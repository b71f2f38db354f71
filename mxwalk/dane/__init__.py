"""DANE for SMTP (RFC 6698, RFC 7671, RFC 7672): TLSA records against the certificates presented.

Everything here is a pure function of DNS answers, their DNSSEC validation and a chain; nothing asks
and nothing connects.
"""
