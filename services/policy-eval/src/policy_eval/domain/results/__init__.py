"""The gate of a release in the forms that other tools and people read; findings as `LookUp.gate` shows them."""
