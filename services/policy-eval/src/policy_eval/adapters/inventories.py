"""Inventories, fetched from sbom-ingest by digest."""

from dataclasses import dataclass

from shared.web.upstream import Upstream


@dataclass(frozen=True, slots=True)
class HttpInventories:
    """`application.ports.InventorySource`."""

    sbom_ingest: Upstream

    async def fetch(self, sha256: str) -> bytes:
        return await self.sbom_ingest.get(f"/internal/v1/inventories/{sha256}", caller="policy-eval")

    async def read(self, document: bytes) -> bytes:
        return await self.sbom_ingest.post("/internal/v1/inventories", document, caller="policy-eval")
