"""The store in PostgreSQL with pgvector, for what has outgrown one machine."""
