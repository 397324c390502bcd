"""The use cases of policy-eval, one a file."""
