"""Parsing untrusted files in a bounded process: parent and worker."""
