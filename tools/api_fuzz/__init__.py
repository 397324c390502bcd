"""Has schemathesis ask everything that the OpenAPI document describes of a real Licet, and much that it does not."""
