"""Sockets: the dialer, the connection that records every byte, and TLS in place.

The dialer is the only thing that opens sockets; it can map addresses, which is how the lab works.
"""
