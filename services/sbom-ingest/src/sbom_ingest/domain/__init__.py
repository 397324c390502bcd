"""What an SBOM says, free of its format: reading outcomes, limits, duplicates, the graph, the quality score."""
