"""Reads SBOM documents and stores them with their normalised inventory."""
