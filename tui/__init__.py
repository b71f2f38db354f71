"""The Textual application: screens, keys, palette, settings."""
