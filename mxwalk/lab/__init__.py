"""The embedded lab: real protocols on loopback, misbehaving on purpose; scenarios are data."""
