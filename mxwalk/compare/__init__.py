"""Two walks, or two hosts of one: only what differs."""
