"""Releases of the licence families, and every document that is made of each: NOTICEs and enriched SBOMs.

    python -m tests.support.license_families [--accept FOLDER] [--reversed]

Prints the SHA-256 of every document: the same on every machine, with every version of Python and in every order of
components (`--reversed`). `--accept` writes the documents into a folder.
"""

import argparse
import hashlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from msgspec import structs

from obligations.adapters.catalogue_files import load_obligation_catalogue
from obligations.adapters.renderers.cyclonedx_sbom import render_cyclonedx
from obligations.adapters.renderers.html_notice import render_html
from obligations.adapters.renderers.json_notice import render_json
from obligations.adapters.renderers.markdown_notice import render_markdown
from obligations.adapters.renderers.spdx_rdf import render_spdx_rdf
from obligations.adapters.renderers.spdx_serialisations import (
    render_spdx_json,
    render_spdx_tag_value,
    render_spdx_xml,
    render_spdx_yaml,
)
from obligations.adapters.renderers.text_notice import render_text
from obligations.domain.compile_notice import compile_notice
from obligations.domain.enriched_sbom import EnrichedSbom, Origin, enrich
from obligations.domain.notice import Notice, Organization, SourceOffer
from shared.contracts.decisions import DecidedRelease
from tests.support.decided import a_component, a_context, a_release, own_text, text_of_holder

CATALOGUE: Final = load_obligation_catalogue()
OFFER: Final = SourceOffer(
    "Example GmbH, Open Source Office, Example Street 1, 12345 Example", "https://example.org/source"
)
ORIGIN: Final = Origin("01936f0e-8f00-7a00-8000-000000000001", "2026-11-28T10:00:00.123Z", "Licet 0.1.0")
GENERATOR: Final = "Licet 0.1.0"
NOTICES: Final[dict[str, Callable[[Notice], bytes]]] = {
    "txt": render_text,
    "markdown": render_markdown,
    "html": render_html,
    "json": render_json,
}
SBOMS: Final[dict[str, Callable[[EnrichedSbom], bytes]]] = {
    "cdx.json": render_cyclonedx,
    "spdx.json": render_spdx_json,
    "spdx.yaml": render_spdx_yaml,
    "spdx.xml": render_spdx_xml,
    "spdx.rdf.xml": render_spdx_rdf,
    "spdx": render_spdx_tag_value,
}
FAMILIES: dict[str, tuple[DecidedRelease, SourceOffer | None]] = {
    "permissive": (
        a_release(
            a_component("MIT", name="lodash", copyright=["Copyright OpenJS Foundation and other contributors"]),
            a_component("MIT", name="minimist", copyright=[], texts=[own_text("mit")]),
            a_component("BSD-3-Clause", name="click", version="8.1.7", purl="pkg:pypi/click@8.1.7"),
            a_component("ISC", name="glob", supplier="Jane Roe"),
            a_component("0BSD", name="tslib", copyright=[]),
            a_component(
                "MIT", name="dual", chosen_from="MIT OR BSD-3-Clause", texts=[own_text("mit"), own_text("bsd")]
            ),
            texts={
                "mit": text_of_holder("MIT", "Copyright (c) 2013 James Doe"),
                "bsd": text_of_holder("BSD-3-Clause", "Copyright (c) 2013, Dual Authors."),
            },
        ),
        None,
    ),
    "apache": (
        a_release(
            a_component("Apache-2.0", name="with-notice", notices=["n"], notice_status="present"),
            a_component("Apache-2.0", name="without-notice", modified=True),
            a_component("Apache-2.0 WITH LLVM-exception", name="compiler-rt", linkage="static"),
            texts={
                "n": "Apache Example\nCopyright 2010 The Example Foundation\n\nThis product includes\n\tsoftware.\n"
            },
        ),
        None,
    ),
    "file-and-module-copyleft": (
        a_release(
            a_component("MPL-2.0", name="certifi", copyright=[]),
            a_component("EPL-2.0", name="jetty", linkage="separate"),
        ),
        None,
    ),
    "lgpl": (
        a_release(
            a_component("LGPL-2.1-or-later", name="glib", linkage="dynamic"),
            a_component("LGPL-3.0-only", name="gmp", linkage="dynamic"),
        ),
        OFFER,
    ),
    "gpl-with-offer": (
        a_release(
            a_component("GPL-2.0-only WITH Classpath-exception-2.0", name="jdk", linkage="dynamic"),
            a_component("GPL-2.0-or-later", name="busybox", linkage="separate", source_url=None),
            context=a_context(medium="physical"),
        ),
        OFFER,
    ),
    "network": (a_release(a_component("EUPL-1.2", name="ref"), context=a_context("network", "source")), None),
    "content": (
        a_release(
            a_component("CC-BY-4.0", name="icons", kind="image", type="file", supplier="Ärger & Söhne"),
            a_component("OFL-1.1", name="Noto", kind="font"),
        ),
        None,
    ),
    "agpl": (
        a_release(
            a_component("AGPL-3.0-only", name="minio", modified=True, linkage="separate"),
            context=a_context("network"),
        ),
        None,
    ),
    "acknowledgement": (
        a_release(
            a_component("BSD-4-Clause", name="libpcap", texts=[own_text("bsd4")], copyright=[]),
            a_component("Apache-1.1", name="oro", texts=[own_text("apache")], copyright=[]),
            a_component("PHP-3.01", name="php", texts=[own_text("php")], copyright=[]),
            a_component("FTL", name="freetype"),
            texts={
                "apache": CATALOGUE.licenses.text("Apache-1.1") or "",
                "php": CATALOGUE.licenses.text("PHP-3.01") or "",
                "bsd4": text_of_holder("BSD-4-Clause", "Copyright (c) 1993 The Regents.").replace(
                    "by the organization", "by the University of Example"
                ),
            },
        ),
        None,
    ),
    "patent": (
        a_release(
            a_component("BSD-2-Clause-Patent", name="edk2"),
            a_component("MS-PL", name="nunit"),
            a_component("UPL-1.0", name="fn"),
        ),
        None,
    ),
    "public-domain": (
        a_release(
            a_component("CC0-1.0", name="words", kind="data", copyright=[]),
            a_component("Unlicense", name="stb", copyright=[]),
            a_component("blessing", name="sqlite", copyright=[]),
            a_component("MIT-0", name="sample", copyright=[]),
        ),
        None,
    ),
    "proprietary": (
        a_release(
            a_component("LicenseRef-vendor", name="driver", supplier="Vendor Inc.", texts=[own_text("vendor")]),
            a_component("LicenseRef-unseen", name="sdk", source_url=None, copyright=[]),
            a_component("Elastic-2.0", name="search"),
            texts={"vendor": "Vendor licence\n\nYou may run one copy. All rights reserved.\n"},
        ),
        None,
    ),
    "choice": (
        a_release(
            a_component(
                "MIT OR GPL-2.0-only",
                name="jquery-ui",
                effective_license="MIT",
                chosen_from="MIT OR GPL-2.0-only",
                texts=[own_text("mit", "MIT"), own_text("gpl", "GPL-2.0-only")],
            ),
            a_component(
                "BSD-3-Clause AND (ISC OR Zlib)",
                name="bundle",
                effective_license="BSD-3-Clause AND ISC",
                chosen_from="BSD-3-Clause AND (ISC OR Zlib)",
            ),
            a_component("MIT OR ISC", name="undecided", effective_license="MIT OR ISC"),
            texts={
                "mit": text_of_holder("MIT", "Copyright jQuery Foundation"),
                "gpl": "GNU GENERAL PUBLIC LICENSE, Version 2, in brief",
            },
        ),
        None,
    ),
    "open-points": (
        a_release(
            a_component(None, name="mystery"),
            a_component("MIT", name="nobody", copyright=[]),
            a_component("curl", name="curl"),
            a_component("LicenseRef-vendor", name="vendor", texts=[own_text("vendor")]),
            a_component("BSD-4-Clause", name="old", verdict="deny", notice_status=None),
            a_component("Zlib", name="choice", effective_license="Zlib OR MIT"),
            a_component("ISC", name="evil\x1b[2J\u202egnp.exe\n======", copyright=["(c) \x07 2020\n===\nnone"]),
            texts={
                "vendor": "==========\nCOMPONENTS (0)\n==========\n\x1b]0;owned\x07 \u202e no \x0c page\r\nlast\rline"
            },
        ),
        None,
    ),
}


def notice_of(family: str, backwards: bool = False) -> Notice:
    """The NOTICE of a family, of its components in this or the reverse order."""
    release, offer = _release(family, backwards)
    return compile_notice(release, CATALOGUE, Organization("Example GmbH", "oss@example.org", offer), GENERATOR)


def documents_of(family: str, backwards: bool = False) -> Iterator[tuple[str, bytes]]:
    """Every document of the family: the ending of its file, and its bytes."""
    notice, sbom = notice_of(family, backwards), enrich(_release(family, backwards)[0], ORIGIN)
    yield from ((ending, render(notice)) for ending, render in NOTICES.items())
    yield from ((ending, render(sbom)) for ending, render in SBOMS.items())


def _release(family: str, backwards: bool) -> tuple[DecidedRelease, SourceOffer | None]:
    release, offer = FAMILIES[family]
    return (structs.replace(release, components=release.components[::-1]) if backwards else release), offer


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.support.license_families")
    parser.add_argument("--accept", type=Path, help="a folder to write the documents into")
    parser.add_argument("--reversed", action="store_true")
    arguments = parser.parse_args()
    for family in FAMILIES:
        for ending, content in documents_of(family, arguments.reversed):
            sys.stdout.write(f"{hashlib.sha256(content).hexdigest()} {family}.{ending}\n")
            if arguments.accept:
                (arguments.accept / f"{family}.{ending}").write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
