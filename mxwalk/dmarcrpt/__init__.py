"""DMARC aggregate reports (RFC 9990; RFC 7489 7.2 and appendix C): read, added up, and explained.

Nothing here sends or asks anything.  Reports come from strangers, so every reading is bounded and
total: what deviates from the schema is read as far as it makes sense, and listed with its place.  A
report has no signature of its own: what it says is what its sender wrote.
"""
