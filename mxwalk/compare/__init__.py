"""Two walks, or two hosts of one, held side by side: only what differs, and what it does.

Everything here is computed from the evidence of both sides; nothing is looked up.
"""
