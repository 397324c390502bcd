"""Derives duties from decided components and writes the NOTICE."""
