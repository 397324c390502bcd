"""The releases of a project in their order, for lists that show one project or a few."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_index("release_of_project", "release", ["project", "id"])


def downgrade() -> None:
    op.drop_index("release_of_project", "release")
