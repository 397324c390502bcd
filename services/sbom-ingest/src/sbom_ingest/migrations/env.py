"""Alembic's entry: runs the migrations on the database that the caller names, or LICET_DATABASE_URL."""

import os

from alembic import context

from shared.persistence.migrate import run_online

run_online(context.config.attributes.get("url") or os.environ["LICET_DATABASE_URL"])
