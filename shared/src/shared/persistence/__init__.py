"""Databases: PostgreSQL, or SQLite as the embedded default, through SQLAlchemy Core."""
