"""Decodes requests, lets them in or not, calls one use case each or relays, encodes answers."""
