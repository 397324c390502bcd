"""What tells that facts have changed on which evaluations depend, and up to where that was looked at."""

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from policy_eval.adapters.tables import metadata

change_counter = Table(
    "change_counter",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # 1: there is one row
    Column("number", BigInteger, nullable=False),
)

known_fact = Table(
    "known_fact",
    metadata,
    Column("name", String(50), primary_key=True),
    Column("value", Text, nullable=False),
)
"""The version of each thing that Licet ships, and the time up to which expiries were looked at."""

waiver_use = Table(
    "waiver_use",
    metadata,
    Column("release_id", String(36), primary_key=True),
    Column("waiver_id", String(36), primary_key=True, index=True),
    Column("findings", Integer, nullable=False),
)
"""Which waivers the current evaluation of a release needs, and for how many findings."""
