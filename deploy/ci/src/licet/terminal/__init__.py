"""What a person sees: harmless text, tables that fit, progress where somebody watches."""
