"""Tells faults of a database's surroundings, which pass, from faults of what was asked of it."""

from asyncpg import InternalClientError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# The last is how asyncpg says that a connection was lost while it was about to use it.
_AWAY = (OperationalError, InterfaceError, PoolTimeout, OSError, InternalClientError)
# Classes and codes of PostgreSQL, appendix A of its manual: connection lost, transaction rolled back by the server,
# out of resources, shut down or starting, lock not available.
_PASSING_STATES = ("08", "40", "53", "57P", "55P03")


def is_away(error: Exception) -> bool:
    """Whether the same may succeed later, because a database, network or disk did not serve now."""
    if isinstance(error, _AWAY):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    # COPY runs outside SQLAlchemy, so that its errors come unwrapped.
    state = getattr(getattr(error, "orig", None) or error, "sqlstate", None)
    return isinstance(state, str) and state.startswith(_PASSING_STATES)
