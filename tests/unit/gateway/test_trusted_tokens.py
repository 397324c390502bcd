"""Which identity providers' tokens are taken."""

from gateway.adapters.trusted_tokens import trusted_tokens
from shared.clock import SystemClock


async def test_without_a_file_of_issuers_no_token_opens_anything() -> None:
    tokens = trusted_tokens(None, SystemClock())
    assert await tokens.claims("eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUub3JnIn0.") is None
    await tokens.close()
