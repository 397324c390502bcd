"""The whole system through its API. A package, so that its running systems end with its last test."""
