"""One module an area; each has ``ENTRIES`` (its part of the catalogue) and ``check``."""
