"""What was stored before components knew their release is found after the upgrade."""

import asyncio
from pathlib import Path

import pytest
from alembic import command

from shared.persistence.engine import Database
from shared.persistence.migrate import configuration, migrate
from tests.support.builders import a_component
from tests.support.evaluations import StoredEvaluations


@pytest.mark.parametrize("purl", ["pkg:npm/left-pad@1.5.0", "pkg:npm/left-pad"])
def test_an_upgrade_finds_the_releases_of_before(evaluations_url: str, tmp_path: Path, purl: str) -> None:
    async def stored() -> None:
        database = Database(evaluations_url)
        await StoredEvaluations(database, tmp_path / "blobs").store(
            "r1", a_component("MIT", purl=purl, version="1.5.0")
        )
        await database.close()

    async def found() -> list[list[str]]:
        database = Database(evaluations_url)
        ask = StoredEvaluations(database, tmp_path / "blobs").found
        asked = [("pkg:npm/left-pad@1.5.0", None), ("pkg:npm/left-pad", "vers:npm/>1"), ("pkg:npm/left-pad", None)]
        answers = [await ask(*each) for each in asked] + [await ask(license_="MIT")]
        await database.close()
        return answers

    asyncio.run(stored())
    with configuration("policy_eval", evaluations_url) as config:
        command.downgrade(config, "0001")
    migrate("policy_eval", evaluations_url)

    assert asyncio.run(found()) == [["r1"]] * 4
