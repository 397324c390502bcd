"""What officers put on file for export."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "export_record",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("project", sa.Text, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("record", sa.LargeBinary, nullable=False),
    )
    op.create_index("export_record_of_project", "export_record", ["kind", "project", "id"])


def downgrade() -> None:
    op.drop_table("export_record")
