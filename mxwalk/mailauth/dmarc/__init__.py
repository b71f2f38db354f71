"""DMARC: records, discovery, alignment and disposition (RFC 9989, beside it RFC 7489)."""
