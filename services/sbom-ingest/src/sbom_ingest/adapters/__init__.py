"""The outside of sbom-ingest: readers, tables."""
