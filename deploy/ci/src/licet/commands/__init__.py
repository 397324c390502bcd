"""The commands: each reads its arguments, asks the library, shows the answer, and ends with an exit code."""
