"""Turns an inventory into effective licences, findings and a verdict."""
