"""`GET /api/v1/audit`: the trail by page, and all of it as JSON lines or CSV."""

import csv
import io
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from starlette.datastructures import QueryParams
from starlette.responses import Response, StreamingResponse

from gateway.application.audit_trail import AuditFilter, ShowAudit
from gateway.domain.access import Caller
from gateway.domain.audit import Entry, Link
from gateway.entrypoints.door import Visit
from gateway.entrypoints.parameters import only_known, whole_number
from gateway.entrypoints.shown import json_response
from shared.clock import timestamp
from shared.errors import ErrorAt, InvalidInput
from shared.web.pagination import page, page_limit, read_token

_FIELDS = ("subject", "action", "project", "outcome", "request_id")
AUDIT_PARAMETERS: Final = (*_FIELDS, "since", "until", "format", "limit", "page_token")
"""The parameters of `GET /api/v1/audit`."""

_NEWER = ("reason", "versions")
_COLUMNS = ("seq", *(name for name in Entry.__slots__ if name not in _NEWER), "hash", *_NEWER)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True, slots=True)
class AuditRoutes:
    """The trail, for auditors and administrators: those of some projects see the entries of these."""

    show: ShowAudit

    async def all(self, visit: Visit) -> Response:
        query = visit.request.query_params
        only_known(query, AUDIT_PARAMETERS)
        wanted, visible = _wanted(query), _visible_to(visit.caller)
        match query.get("format", "json"):
            case "json":
                return await self._page(query, wanted, visible)
            case "jsonl":
                return _download(_json_lines(self.show.everything(wanted, visible)), "application/x-ndjson", "jsonl")
            case "csv":
                return _download(_csv_lines(self.show.everything(wanted, visible)), "text/csv; charset=utf-8", "csv")
            case _:
                raise InvalidInput("format: json, jsonl or csv", errors=(ErrorAt("format", "json, jsonl or csv"),))

    async def _page(self, query: QueryParams, wanted: AuditFilter, visible: Callable[[Entry], bool]) -> Response:
        limit = page_limit(whole_number("limit", query.get("limit")))
        rows = await self.show.page(wanted, visible, read_token(query.get("page_token"), int), limit + 1)
        return json_response(page(rows, limit, key=lambda link: link.seq, show=_shown))


def _visible_to(caller: Caller) -> Callable[[Entry], bool]:
    return lambda entry: caller.sees_everything or (entry.project is not None and caller.sees(entry.project))


def _wanted(query: QueryParams) -> AuditFilter:
    fields = {name: query.get(name) for name in _FIELDS}
    return AuditFilter(**fields, since=_moment(query, "since"), until=_moment(query, "until"))


def _moment(query: QueryParams, name: str) -> str | None:
    text = query.get(name)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None or moment.year in (1, 9999):
            raise ValueError(text)
    except ValueError:
        message = "a moment such as 2026-03-01T12:00:00Z"
        raise InvalidInput(f"{name}: {message}", errors=(ErrorAt(name, message),)) from None
    return timestamp(moment)


def _shown(link: Link) -> dict[str, Any]:
    entry = asdict(link.entry)
    values = {name: entry[name] and msgspec.Raw(entry[name].encode()) for name in ("before", "after", "versions")}
    return {"seq": link.seq} | entry | values | {"hash": link.hash}


def _download(lines: AsyncIterator[bytes], media_type: str, ending: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="audit.{ending}"', "Cache-Control": "no-store"}
    return StreamingResponse(lines, media_type=media_type, headers=headers)


async def _json_lines(links: AsyncIterator[Link]) -> AsyncIterator[bytes]:
    async for link in links:
        yield msgspec.json.encode(_shown(link)) + b"\n"


async def _csv_lines(links: AsyncIterator[Link]) -> AsyncIterator[bytes]:
    yield _csv_line(_COLUMNS)
    async for link in links:
        cells = {"seq": link.seq, **asdict(link.entry), "hash": link.hash}
        yield _csv_line(tuple(cells[name] for name in _COLUMNS))


def _csv_line(cells: tuple[Any, ...]) -> bytes:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL).writerow([harmless(each) for each in cells])
    return line.getvalue().encode()


def harmless(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula (CWE-1236): an apostrophe before what would begin one."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text
