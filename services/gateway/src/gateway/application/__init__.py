"""The use cases of the gateway, one a file."""
