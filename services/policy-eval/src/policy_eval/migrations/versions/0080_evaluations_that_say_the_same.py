"""An evaluation may share all rows of an earlier one that says the same."""

import json
import zlib

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0075"

_COLUMNS = {"same_as": sa.String(36), "basis": sa.LargeBinary(), "opened": sa.String(64), "inherited": sa.String(64)}


def upgrade() -> None:
    for name, type_ in _COLUMNS.items():
        op.add_column("evaluation", sa.Column(name, type_))


def downgrade() -> None:
    """Give each evaluation rows of its own again."""
    connection = op.get_bind()
    for name in ("question", "finding", "evaluation_license"):
        _copy_rows(connection, name)
    _copy_explanations(connection)
    op.execute(
        "UPDATE open_question SET evaluation_id = (SELECT evaluation_id FROM release_input"
        " WHERE release_input.release_id = open_question.release_id)"
    )
    for name in _COLUMNS:
        op.drop_column("evaluation", name)


def _copy_rows(connection: sa.Connection, name: str) -> None:
    metadata = sa.MetaData()
    table = sa.Table(name, metadata, autoload_with=connection)
    evaluation = metadata.tables["evaluation"]
    own = [evaluation.c.id if each.name == "evaluation_id" else each for each in table.columns]
    rows = sa.select(*own).select_from(evaluation.join(table, table.c.evaluation_id == evaluation.c.same_as))
    connection.execute(sa.insert(table).from_select([each.name for each in table.columns], rows))


def _copy_explanations(connection: sa.Connection) -> None:
    """Each with the version of its own policy in the traces."""
    metadata = sa.MetaData()
    explanation = sa.Table("explanation", metadata, autoload_with=connection)
    evaluation = metadata.tables["evaluation"]
    query = sa.select(evaluation.c.record, explanation.c.body).select_from(
        evaluation.join(explanation, explanation.c.evaluation_id == evaluation.c.same_as)
    )
    sharing = connection.execute(sa.select(evaluation.c.id).where(evaluation.c.same_as.is_not(None))).scalars().all()
    for evaluation_id in sharing:
        record, body = connection.execute(query.where(evaluation.c.id == evaluation_id)).one()
        policy, kept = json.loads(record)["policy"], json.loads(zlib.decompress(body))
        for step in (step for trace in kept["traces"] for step in trace):
            if step["source"] == f"policy {policy['name']}":
                step["version"] = str(policy["version"])
        packed = zlib.compress(json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode(), 1)
        connection.execute(sa.insert(explanation).values(evaluation_id=evaluation_id, body=packed))
