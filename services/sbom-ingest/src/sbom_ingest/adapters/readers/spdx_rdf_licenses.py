"""From the licences of SPDX in RDF, which are nodes and sets of nodes, to expressions.

The classes are those of http://spdx.org/rdf/terms/ (SPDX 2.3, annex D).
"""

from sbom_ingest.adapters.readers.rdf_nodes import Node, Nodes, Value
from sbom_ingest.adapters.readers.spdx_rdf_names import SPDX, Identifiers
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import breaks_specification, over_limit

_AND, _OR = f"{SPDX}ConjunctiveLicenseSet", f"{SPDX}DisjunctiveLicenseSet"
_WITH, _OR_LATER = f"{SPDX}WithExceptionOperator", f"{SPDX}OrLaterOperator"
_OPERATORS = {_AND: " AND ", _OR: " OR ", _WITH: " WITH ", _OR_LATER: "+"}
_WORDS = {f"{SPDX}SpdxNoneLicense": "NONE", f"{SPDX}SpdxNoAssertionLicense": "NOASSERTION"}


class Licenses:
    """The expressions of a document's licence nodes, each worked out once; `size` is that of the document in bytes.

    Sets that are linked from many others are written out in each. All together may be as long as the document: a
    licence takes more space in RDF than in an expression.
    """

    def __init__(self, nodes: Nodes, identifiers: Identifiers, limits: Limits, size: int) -> None:
        self._left = size
        self._nodes = nodes
        self._identifiers = identifiers
        self._limits = limits
        self._known: dict[str, str] = {}

    def expression(self, value: Value, outside: tuple[str, ...] = ()) -> str:
        """The expression that a value means: text as it is written, a set as its members, grouped as they are.

        Refuses a set that is a member of itself, and sets that nest deeper or grow longer than the limits. `outside`
        are the sets that the value stands in.
        """
        if isinstance(value, str):
            return value.strip()
        identifier = value.identifier
        if identifier in self._known:
            return self._known[identifier]
        if identifier in outside:
            raise breaks_specification(identifier, "the licence set is a member of itself")
        if len(outside) >= self._limits.depth:
            raise over_limit("depth", f"licence sets may nest {self._limits.depth} deep at most")
        expression = self._worked_out(value, (*outside, identifier))
        if value.says_nothing:  # a node without a name comes but once
            self._known[identifier] = expression
        return expression

    def _worked_out(self, value: Node, path: tuple[str, ...]) -> str:
        identifier, node = value.identifier, self._nodes.at(value)
        if node is None:
            return self._identifiers.license(identifier)
        for kind in node.kinds:
            if kind in _OPERATORS:
                return self._joined(node, kind, path)
            if kind in _WORDS:
                return _WORDS[kind]
        names = [each for each in (*node.of("licenseId"), *node.of("licenseExceptionId")) if isinstance(each, str)]
        return names[0].strip() if names else self._identifiers.license(identifier)

    def _joined(self, node: Node, kind: str, path: tuple[str, ...]) -> str:
        values = [*node.of("member"), *node.of("licenseException")]
        members = [self._member(value, kind, path) for value in values]
        length = sum(map(len, members))
        self._left -= length
        if length > self._limits.field_bytes or self._left < 0:
            raise over_limit("field", f"a licence may have {self._limits.field_bytes} bytes, all the document's size")
        return members[0] + "+" if kind == _OR_LATER and members else _OPERATORS[kind].join(members)

    def _member(self, value: Value, kind: str, path: tuple[str, ...]) -> str:
        """A member, in parentheses where it is a set of another kind, which would else fall apart."""
        expression = self.expression(value, path)
        node = self._nodes.at(value)
        inner = {each for each in node.kinds if each in (_AND, _OR)} if node else set()
        return f"({expression})" if inner - {kind} else expression
