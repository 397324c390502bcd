"""Fuzzing of the SBOM readers."""
