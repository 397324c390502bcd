"""The policies that Licet ships."""
