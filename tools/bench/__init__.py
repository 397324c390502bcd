"""The benchmark: what Licet needs for an SBOM, beside the least that any program would need, in the same run."""
