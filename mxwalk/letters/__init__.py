"""The message to the other side: an e-mail text from a walk, a template for each language."""
