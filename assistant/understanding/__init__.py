"""Understand what is asked: intents, follow-ups, spelling, the conversation so far."""
