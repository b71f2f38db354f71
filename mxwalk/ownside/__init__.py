"""*Your side*: what is wrong here should be known before a target is blamed."""
