"""The use cases of sbom-ingest, one a file."""
