"""The use cases of obligations, one a file."""
