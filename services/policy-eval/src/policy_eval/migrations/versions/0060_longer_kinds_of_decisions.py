"""Kinds of decisions with longer names: `license-classification` has 22 letters."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0052"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":  # SQLite knows no lengths
        op.alter_column("decision", "kind", type_=sa.String(40), existing_nullable=False)


def downgrade() -> None:
    """Nothing: what is stored may be longer, and the longer column serves."""
