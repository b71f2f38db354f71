"""Changing inputs by their structure, so that what is changed still gets past the outermost reader."""
