"""Why an obligation changed when nobody changed it."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    op.add_column("obligation_change", sa.Column("reason", sa.Text))


def downgrade() -> None:
    op.drop_column("obligation_change", "reason")
