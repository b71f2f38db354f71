"""One module for each entrance of foreign bytes."""
