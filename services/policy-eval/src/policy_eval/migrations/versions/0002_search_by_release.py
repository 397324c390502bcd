"""Components and licences know their release, so that a search reads a page of releases and not all of them."""

import sqlalchemy as sa
from alembic import op

from policy_eval.domain.purls import package_key

revision = "0002"
down_revision = "0001"

_INDEXES = {
    "decided_component_of_package": ("decided_component", ["purl_name", "release_id", "evaluation_id", "purl_version"]),
    "decided_component_of_version": ("decided_component", ["purl_name", "purl_version", "release_id", "evaluation_id"]),
    "evaluation_license_of_release": ("evaluation_license", ["license", "release_id", "evaluation_id"]),
}


def upgrade() -> None:
    for table in ("decided_component", "evaluation_license"):
        op.add_column(table, sa.Column("release_id", sa.String(36)))
        op.execute(
            f"UPDATE {table} SET release_id = (SELECT release_id FROM evaluation WHERE id = {table}.evaluation_id)"  # noqa: S608 - names of our own tables
        )
    op.add_column("decided_component", sa.Column("purl_version", sa.Text))
    _fill_versions(op.get_bind())
    op.drop_index("decided_component_purl_name", "decided_component")
    for name, (table, columns) in _INDEXES.items():
        op.create_index(name, table, columns)


def _fill_versions(connection: sa.Connection) -> None:
    packages = sa.text(
        "SELECT position, purl, version FROM decided_component WHERE evaluation_id = :id AND purl_name IS NOT NULL"
    )
    fill = sa.text(
        "UPDATE decided_component SET purl_version = :key WHERE evaluation_id = :id AND position = :position"
    )
    for (id_,) in connection.execute(sa.text("SELECT id FROM evaluation")).all():
        rows = connection.execute(packages, {"id": id_}).all()
        keys = [{"id": id_, "position": row.position, "key": package_key(row.purl, row.version)[1]} for row in rows]
        if keys:
            connection.execute(fill.bindparams(sa.bindparam("key", type_=sa.Text)), keys)


def downgrade() -> None:
    for name, (table, _) in _INDEXES.items():
        op.drop_index(name, table)
    op.create_index("decided_component_purl_name", "decided_component", ["purl_name"])
    op.drop_column("decided_component", "purl_version")
    for table in ("evaluation_license", "decided_component"):
        op.drop_column(table, "release_id")
