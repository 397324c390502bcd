"""A NOTICE with something of everything, against which templates are tried when they are handed in."""

from obligations.domain.notice import (
    ComponentReference,
    Notice,
    NoticeComponent,
    NoticeText,
    OpenPoint,
    Organization,
    SourceOffer,
    Statement,
    UpstreamNotice,
)

_REFERENCE = ComponentReference("sample", "1.0", "pkg:generic/sample@1.0", "https://example.org/sample")
_COMPONENT = NoticeComponent(
    name="sample",
    version="1.0",
    purl="pkg:generic/sample@1.0",
    supplier="Example",
    license="MIT",
    chosen_from="MIT OR GPL-2.0-only",
    copyright=("Copyright (c) Example",),
    notices=("notice-1",),
    texts=("text-1",),
    modified=None,
    source="https://example.org/sample",
)

SAMPLE = Notice(
    project="sample",
    version="1.0",
    organization=Organization("Example", "oss@example.org", SourceOffer("Example Street 1", "https://example.org")),
    generator="Licet",
    documents=(("main", "0" * 64),),
    components=(_COMPONENT,),
    statements=(Statement("library-use", "This product uses a library.", (_REFERENCE,)),),
    texts=(NoticeText("text-1", "MIT", "Permission is hereby granted", "catalogue"),),
    notices=(UpstreamNotice("notice-1", "This product includes sample."),),
    open_points=(OpenPoint("license-unresolved", "the licence is not known", (_REFERENCE,)),),
)
