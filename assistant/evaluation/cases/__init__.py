"""Evaluation cases: what a case may say, how case files are read and drafted."""
