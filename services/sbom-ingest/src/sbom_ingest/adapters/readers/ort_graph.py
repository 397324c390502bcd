"""The graphs in which ORT's results keep what depends on what."""

from collections import deque
from collections.abc import Iterable, Sequence

from sbom_ingest.adapters.readers.ort_structs import DependencyGraph, GraphNode, as_position
from sbom_ingest.adapters.readers.scoped_uses import ScopeUse, Uses
from sbom_ingest.domain.edges import Edge
from shared.contracts.inventory import ROOT


class GraphReading:
    """One graph of a result: its nodes by position, and where they are in the draft."""

    def __init__(self, written: DependencyGraph, uses: Uses, pointer: str) -> None:
        self._uses = uses
        self._nodes, edges = (written.nodes, _edges(written)) if written.nodes is not None else _flattened(written)
        self._positions = [self._position(node, written.packages, pointer) for node in self._nodes]
        self._following: dict[int, list[int]] = {}
        self._by_root = {
            (as_position(node.pkg), as_position(node.fragment)): number for number, node in enumerate(self._nodes)
        }
        for source, target in edges:
            self._connect(source, target, pointer)

    def _position(self, node: GraphNode, packages: Sequence[str], pointer: str) -> int | None:
        package = as_position(node.pkg)
        if not 0 <= package < len(packages):
            self._uses.draft.warn("dangling-reference", f"there is no package {str(node.pkg)[:20]}", pointer)
            return None
        return self._uses.position(packages[package], pointer)

    def _connect(self, source: int, target: int, pointer: str) -> None:
        if not (0 <= source < len(self._nodes) and 0 <= target < len(self._nodes)):
            self._uses.draft.warn("dangling-reference", f"there is no node {source} or {target}", f"{pointer}/edges")
            return
        self._following.setdefault(source, []).append(target)
        from_, to = self._positions[source], self._positions[target]
        if from_ is not None and to is not None:
            self._uses.depend(from_, to)

    def add_scopes(self, scopes: Iterable[tuple[ScopeUse, Sequence[tuple[int, int]]]], pointer: str) -> None:
        """Add what scopes need directly, and give all that follows from it its scope; the strongest scopes go first,
        so that each node is visited once."""
        visited: set[int] = set()
        for use, roots in sorted(scopes, key=lambda scope: scope[0].rank):
            numbers = [self._by_root.get(root) for root in roots]
            for root, number in zip(roots, numbers, strict=True):
                if number is None:
                    self._uses.draft.warn("dangling-reference", f"there is no node of package {root[0]}", pointer)
                elif (position := self._positions[number]) is not None:
                    self._uses.depend(ROOT, position)
            self._visit(deque(number for number in numbers if number is not None), use, visited)

    def _visit(self, pending: deque[int], use: ScopeUse, visited: set[int]) -> None:
        while pending:
            number = pending.popleft()
            if number in visited:
                continue
            visited.add(number)
            position = self._positions[number]
            if position is not None:
                self._uses.use(position, use, self._nodes[number].linkage)
            pending.extend(self._following.get(number, ()))


def _edges(written: DependencyGraph) -> list[Edge]:
    return [(as_position(edge.source), as_position(edge.target)) for edge in written.edges or ()]


def _flattened(written: DependencyGraph) -> tuple[list[GraphNode], list[Edge]]:
    """Nodes and edges of the trees that older results have."""
    nodes: list[GraphNode] = []
    edges: list[Edge] = []
    numbers: dict[tuple[int, int], int] = {}
    pending: list[tuple[GraphNode, int | None]] = [(node, None) for node in written.scope_roots]
    while pending:
        node, parent = pending.pop()
        number = numbers.setdefault((as_position(node.pkg), as_position(node.fragment)), len(nodes))
        if number == len(nodes):
            nodes.append(node)
        if parent is not None:
            edges.append((parent, number))
        pending += [(inner, number) for inner in node.dependencies]
    return nodes, edges
