"""The names of RDF/XML: the references to resources, and the attributes that RDF allows."""

from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from sbom_ingest.domain.outcome import Refused, not_an_sbom

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
ABOUT, ID, NODE_ID, RESOURCE = f"{RDF}about", f"{RDF}ID", f"{RDF}nodeID", f"{RDF}resource"
PARSE_TYPE, DATATYPE, TYPE = f"{RDF}parseType", f"{RDF}datatype", f"{RDF}type"
DESCRIPTION = f"{RDF}Description"
BASE = "{http://www.w3.org/XML/1998/namespace}base"
_LONGEST_BASE = 2000


def check_attributes(element: Element, allowed: frozenset[str]) -> None:
    """Refuse an element that has an attribute of RDF which is not among the allowed."""
    if element.attrib.keys() <= allowed:
        return
    for key in element.attrib:
        if key.startswith(RDF) and key not in allowed:
            local = element.tag.rpartition("}")[2]
            raise _not_rdf(f"`rdf:{key.removeprefix(RDF)}` cannot stand on `{local[:80]}` there")


def base_of(element: Element, outer: str) -> str:
    """What references in the element are resolved against, where it is `outer` outside of it."""
    written = element.get(BASE)
    if written is None:
        return outer
    if len(outer) + len(written) > _LONGEST_BASE:
        raise _not_rdf(f"`xml:base` has more than {_LONGEST_BASE} characters")
    return resolved(written, outer)


def resolved(reference: str, base: str) -> str:
    """The URI that a reference is from `base`; the reference itself where it is none."""
    if reference[:1] == "#":
        return base.partition("#")[0] + reference
    if not base or "://" in reference:
        return reference
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference


def expanded(uri: str) -> str:
    """The `{namespace}local` that a URI is."""
    namespace, hash_, local = uri.rpartition("#")
    return f"{{{namespace}{hash_}}}{local}"


def _not_rdf(what: str) -> Refused:
    return not_an_sbom(f"The document is not RDF/XML that is read: {what}.")
