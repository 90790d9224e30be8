"""Reading documents in several processes: the ingestion asks, workers read."""
