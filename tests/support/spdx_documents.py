"""Small SPDX 2 documents that are no JSON, for the readers."""

TAG_VALUE_HEAD = """SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: document
DocumentNamespace: https://example.org/document
Creator: Tool: example-1.0
Created: 2026-01-01T00:00:00Z
"""
DOCUMENT_URI = "https://example.org/document"
RDF_HEAD = f"""
<spdx:SpdxDocument rdf:about="{DOCUMENT_URI}#SPDXRef-DOCUMENT">
  <spdx:specVersion>SPDX-2.3</spdx:specVersion>
  <spdx:dataLicense rdf:resource="http://spdx.org/licenses/CC0-1.0"/>
  <spdx:creationInfo><spdx:CreationInfo>
    <spdx:creator>Tool: example-1.0</spdx:creator><spdx:created>2026-01-01T00:00:00Z</spdx:created>
  </spdx:CreationInfo></spdx:creationInfo>
</spdx:SpdxDocument>
"""


def tag_value(*lines: str, head: str = TAG_VALUE_HEAD) -> bytes:
    """A tag-value document; the first of the lines is line 8."""
    return (head + "\n".join(lines) + "\n").encode()


def rdf(*nodes: str, head: str = RDF_HEAD, attributes: str = f'xml:base="{DOCUMENT_URI}"') -> bytes:
    """An RDF/XML document of these nodes, with the prefixes `rdf`, `rdfs` and `spdx`."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
         xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#"
         xmlns:spdx="http://spdx.org/rdf/terms#" {attributes}>
{head}{"".join(nodes)}
</rdf:RDF>""".encode()


def rdf_package(name: str, inside: str = "") -> str:
    """A package `#SPDXRef-` and its name."""
    return f'<spdx:Package rdf:about="#SPDXRef-{name}"><spdx:name>{name}</spdx:name>{inside}</spdx:Package>'


def rdf_relationship(kind: str, target: str) -> str:
    """A relationship, as a property of the element that it belongs to."""
    return f"""<spdx:relationship><spdx:Relationship>
      <spdx:relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_{kind}"/>
      <spdx:relatedSpdxElement rdf:resource="#SPDXRef-{target}"/>
    </spdx:Relationship></spdx:relationship>"""


def xml(inside: str) -> bytes:
    """An XML document with these elements behind its head."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document>
  <SPDXID>SPDXRef-DOCUMENT</SPDXID><spdxVersion>SPDX-2.3</spdxVersion><dataLicense>CC0-1.0</dataLicense>
  <creationInfo><created>2026-01-01T00:00:00Z</created><creators>Tool: example-1.0</creators></creationInfo>
  {inside}
</Document>""".encode()
