"""SPF: the record, its evaluation as a tree, and its lint (RFC 7208)."""
