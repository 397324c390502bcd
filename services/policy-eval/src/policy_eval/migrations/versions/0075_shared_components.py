"""An evaluation may share the rows of components of an earlier one of the same documents."""

import json
import zlib
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0071"

_SHARING = sa.text(
    "SELECT evaluation.id, evaluation.components_of, explanation.body FROM evaluation "
    "JOIN explanation ON explanation.evaluation_id = evaluation.id WHERE evaluation.components_of IS NOT NULL"
)
_OUTCOME = ("verdict", "category", None, None, "license", "effective_license", None, "license_source", "linkage")
"""What lists show of an outcome, by its place (domain.outcome)."""

_MODIFIED = 9


def upgrade() -> None:
    op.add_column("evaluation", sa.Column("components_of", sa.String(36)))


def downgrade() -> None:
    """Give each evaluation rows of its own again."""
    connection = op.get_bind()
    components = sa.Table("decided_component", sa.MetaData(), autoload_with=connection)
    for evaluation_id, owner, body in connection.execute(_SHARING).all():
        kept = json.loads(zlib.decompress(body))
        rows = connection.execute(sa.select(components).where(components.c.evaluation_id == owner)).mappings().all()
        own = [_row(row, kept["outcomes"][kept["of"][row["position"]]], evaluation_id) for row in rows]
        connection.execute(sa.insert(components), own)
    op.drop_column("evaluation", "components_of")


def _row(row: Any, outcome: list[Any], evaluation_id: str) -> dict[str, Any]:
    said = {name: value for name, value in zip(_OUTCOME, outcome, strict=False) if name is not None}
    if outcome[_MODIFIED] is not None:
        said["modified"] = outcome[_MODIFIED]
    columns = {name: said[name] for name in ("verdict", "category", "effective_license")}
    shown = json.dumps({**json.loads(row["shown"]), **said}, ensure_ascii=False, separators=(",", ":")).encode()
    return {**row, **columns, "evaluation_id": evaluation_id, "shown": shown}
