"""DKIM: signatures, keys, verification by a library, and what broke (RFC 6376, 8301, 8463)."""
