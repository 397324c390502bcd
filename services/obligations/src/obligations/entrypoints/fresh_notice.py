"""Answers with notices that were made for the request and are kept nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request, Response

from obligations.application.keep_templates import PrintByTemplate
from obligations.application.ports import Renderer
from obligations.application.print_notice import Form
from obligations.domain.notice import Notice
from obligations.entrypoints.file_headers import NOTICE_MEDIA, notice_headers, sha256_of
from obligations.entrypoints.template_routes import template_version
from shared.computation import compute
from shared.errors import Conflict, ErrorAt


@dataclass(frozen=True, slots=True)
class PrintFresh:
    """Prints them in every form, and by templates."""

    renderers: Mapping[Form, Renderer]
    by_template: PrintByTemplate

    async def answer(self, request: Request, form: Form, notice: Notice) -> Response:
        """The document in this form, or by the template that the query names; raises Conflict where it must be final."""
        query = request.query_params
        if query.get("require") == "final" and notice.open_points:
            errors = tuple(ErrorAt("/open_points", point.message) for point in notice.open_points)
            raise Conflict(f"The NOTICE is a draft: {len(errors)} points are open.", errors=errors)
        if "template" in query:
            content = await self.by_template(notice, form[0], template_version(query["template"]))
        else:
            content = await compute(self.renderers[form], notice)
        headers = notice_headers((notice.project, notice.version), notice.status, sha256_of(content), form[0])
        if headers["ETag"].strip('"') in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(content, headers=headers, media_type=NOTICE_MEDIA[form[0]][0])
