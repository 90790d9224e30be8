"""Labelled sentences that measure the support check."""
