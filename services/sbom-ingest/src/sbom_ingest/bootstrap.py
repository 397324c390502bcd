"""Builds sbom-ingest: the one file that knows all the others."""

from fastapi import FastAPI

from sbom_ingest.adapters.reader_pool import ReaderPool
from sbom_ingest.adapters.releases import SqlLibrary, SqlUnitOfWork
from sbom_ingest.adapters.scratch import swept
from sbom_ingest.application.ingest_sbom import IngestSbom
from sbom_ingest.application.look_up import LookUp
from sbom_ingest.application.read_sbom import ReadSbom
from sbom_ingest.entrypoints.http import document_routes, list_routes, reading_routes, upload_routes
from sbom_ingest.entrypoints.spool import SizeLimits
from sbom_ingest.settings import Settings
from shared.clock import Clock
from shared.messaging.broker import Broker
from shared.persistence.object_blobs import blobs_in
from shared.service import ServiceRuntime

NAME = "sbom-ingest"


def create_app(settings: Settings, broker: Broker, clock: Clock | None = None) -> FastAPI:
    """Return the service's application; its lifespan starts and stops the reader processes, relay and broker."""
    runtime = ServiceRuntime(NAME, settings.database_url, broker, clock, settings.traces_url)
    scratch = settings.blob_dir / "scratch"
    readers = ReaderPool(size=settings.readers, scratch=scratch)
    runtime.metrics.watch_pool("readers", settings.readers, readers.busy)
    blobs = blobs_in(settings.blob_dir, settings.blob_url)
    ingest = IngestSbom(readers, blobs, runtime.unit_of_work(SqlUnitOfWork), runtime.clock, runtime.new_id)
    app = runtime.app(settings.internal_key, resources=(swept(scratch), readers))
    app.include_router(upload_routes(ingest, scratch, SizeLimits()))
    app.include_router(reading_routes(ReadSbom(readers), scratch, SizeLimits()))
    look_up = LookUp(SqlLibrary(runtime.database), blobs)
    app.include_router(document_routes(look_up))
    app.include_router(list_routes(look_up))
    return app
