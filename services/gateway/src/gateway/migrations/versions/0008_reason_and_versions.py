"""Why somebody did something, and by which versions verdicts were found then."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("audit_entry", sa.Column("reason", sa.Text))
    op.add_column("audit_entry", sa.Column("versions", sa.Text))


def downgrade() -> None:
    op.drop_column("audit_entry", "versions")
    op.drop_column("audit_entry", "reason")
