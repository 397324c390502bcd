"""Keys: their beginning, their last use, the secret before the last rotation."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_COLUMNS = {"prefix": 16, "last_used_at": 32, "previous_sha256": 64, "previous_until": 32, "installed_sha256": 64}


def upgrade() -> None:
    for name, length in _COLUMNS.items():
        op.add_column("api_key", sa.Column(name, sa.String(length)))
    op.create_index("ix_api_key_previous_sha256", "api_key", ["previous_sha256"])


def downgrade() -> None:
    op.drop_index("ix_api_key_previous_sha256", "api_key")
    for name in _COLUMNS:
        op.drop_column("api_key", name)
