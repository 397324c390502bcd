"""How a licence policy decides over a release: pure values and functions."""
