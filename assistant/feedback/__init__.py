"""Readers' feedback on answers: recorded, stored and deleted."""
