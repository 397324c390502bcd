"""Decodes requests, calls one use case each, encodes answers."""
