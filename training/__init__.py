"""Trains, measures and exports the reading model; no part of the product imports it."""
