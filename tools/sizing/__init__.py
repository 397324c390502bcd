"""How large an installation must be: measured costs, a simulation checked against a run, tables for docs/sizing.md."""
