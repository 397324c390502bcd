"""The outside of the gateway: its tables."""
