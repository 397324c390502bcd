"""Readers of SBOM formats. `registry.read` is the way in."""
