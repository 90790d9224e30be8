"""What ingestion keeps: the catalog is the truth, the vectors are its accelerator."""
