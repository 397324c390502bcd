"""Which decisions of people the current evaluation of a release rests on, and from which release they come."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0061"


def upgrade() -> None:
    op.create_table(
        "release_answer",
        sa.Column("release_id", sa.String(36), primary_key=True),
        sa.Column("step", sa.String(40), primary_key=True),
        sa.Column("answer_id", sa.String(36), primary_key=True),
        sa.Column("inherited_from", sa.String(36)),
    )


def downgrade() -> None:
    op.drop_table("release_answer")
