"""Who may do what: roles, permissions, and how a release's stages read."""
