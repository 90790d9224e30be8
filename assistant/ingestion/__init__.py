"""From files to chunks in the index."""
