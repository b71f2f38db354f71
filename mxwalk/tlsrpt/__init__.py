"""SMTP TLS Reporting (RFC 8460): the record that asks for reports, and the reports themselves.

Nothing here sends or asks anything.  Reports come from strangers, so every reading is bounded and
total: what deviates from the RFC is read as far as it makes sense, and the deviation is listed with
its place.
"""
