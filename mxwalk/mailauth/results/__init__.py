"""The Authentication-Results header field (RFC 8601): written, read, and held against our own."""
