"""A rolling upgrade under load: a migration that only adds, replicas that are replaced one after the other, events of
versions before and after."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from shared.persistence.migrate import configuration
from tests.support.licet import SERVICES
from tools.chaos.field import Field, on_all_databases

_NEXT = "chaos_next"
_MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = "{next}"
down_revision = "{now}"


def upgrade():
    op.add_column("outbox", sa.Column("later", sa.String(10)))
    op.create_index("outbox_by_later", "outbox", ["later"])
    op.create_table("later", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("later")
    op.drop_column("outbox", "later")
"""
# Every other event is as a later version writes it, with more than is known today; the others as the first version did,
# without what may be missing.
_OTHER_VERSIONS = (
    """
CREATE FUNCTION other_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE event jsonb := convert_from(NEW.body, 'UTF8')::jsonb;
BEGIN
  IF NEW.seq % 2 = 0 THEN
    event := jsonb_set(event, '{data,later}', '{"said": ["in", "a later version"]}') || '{"laterextension": "x"}';
  ELSE
    event := event - 'traceparent' - 'correlationid' #- '{data,release,policy}';
  END IF;
  NEW.body := convert_to(event::text, 'UTF8');
  RETURN NEW;
END $$
""",
    "CREATE TRIGGER other_version BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION other_version()",
)
_ONE_VERSION = ("DROP TRIGGER other_version ON outbox", "DROP FUNCTION other_version()")


def rolling_upgrade(field: Field, chance: Random) -> None:
    """Migrate all databases under load, replace the replicas one by one; then take them, and the schema, back."""
    with field.second_replicas(), _events_of_other_versions(field), _next_schema(field):
        for _ in ("to the next version", "and back"):
            for service in chance.sample(SERVICES, len(SERVICES)):
                if (code := field.licet.stop(service)[service]) != 0:
                    raise RuntimeError(f"{service} ended with {code}")
                field.licet.launch(service)
                field.licet.wait_ready(service)


def other_versions(field: Field, _chance: Random) -> None:
    """Events are as versions before and after write them, and all that were ever sent are sent once more."""
    with _events_of_other_versions(field):
        asyncio.run(on_all_databases(field, "UPDATE outbox SET sent_at = NULL"))
        for service in SERVICES:
            field.licet.restart(service)
            field.licet.wait_ready(service)


@contextmanager
def _events_of_other_versions(field: Field) -> Iterator[None]:
    asyncio.run(on_all_databases(field, *_OTHER_VERSIONS))
    try:
        yield
    finally:
        asyncio.run(on_all_databases(field, *_ONE_VERSION))


@contextmanager
def _next_schema(field: Field) -> Iterator[None]:
    for service in SERVICES:
        with _next_version(field, service) as config:
            command.upgrade(config, _NEXT)
    try:
        yield
    finally:
        for service in SERVICES:
            with _next_version(field, service) as config:
                command.downgrade(config, "-1")


@contextmanager
def _next_version(field: Field, service: str) -> Iterator[Config]:
    """Give the configuration of the service's migrations with one more."""
    package, folder = service.replace("-", "_"), field.folder / "next" / service
    with configuration(package, field.licet.databases[service]) as config:
        if not folder.exists():
            shutil.copytree(str(config.get_main_option("script_location")), folder)
            now = ScriptDirectory(str(folder)).get_current_head()
            (Path(folder) / "versions" / "next.py").write_text(_MIGRATION.format(next=_NEXT, now=now))
        config.set_main_option("script_location", str(folder))
        yield config
