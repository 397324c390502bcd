"""Prints how much of the cryptography of real package lists is found, and what is missed.

    python -m tools.export_recall [FOLDER]

FOLDER holds documents (`NAME.cdx.json`) with the truth about them (`NAME.truth.yaml`: the packages with cryptography in
their own code, for confidentiality or for something else), by default those of the tests. Each document goes through the
reader and the detection of the services. Recall is the share of the true packages that are found; a package with
confidentiality counts as found only where confidentiality is found. `by itself` leaves out what is only inherited from
dependencies or suspected by name.
"""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import yaml

from policy_eval.adapters.export_files import shipped_algorithms, shipped_knowledge_base
from policy_eval.domain.export.detection import CryptoFinding, Detector
from policy_eval.domain.export.inspection import inspected
from policy_eval.domain.purls import purl_name
from sbom_ingest.domain.limits import Limits
from shared.contracts.inventory import Inventory
from tests.support.reading import Read, read

FOLDER: Final = Path(__file__).parent.parent / "tests" / "data" / "export_recall"
_INDIRECT: Final = ("inherited", "name")


@dataclass(frozen=True, slots=True)
class Recall:
    """Of one document: how many packages it has, and the true ones with those that were missed, by function.

    `by_itself` is how many true ones an entry or statement of their own tells; `beside` are packages with an entry that
    says confidentiality where the truth says none.
    """

    name: str
    packages: int
    true: Mapping[str, frozenset[str]]
    missed: Mapping[str, frozenset[str]]
    by_itself: Mapping[str, int]
    beside: frozenset[str]

    def share(self, function: str) -> float:
        """The recall for a function, from 0 to 1; 1 where there is nothing to be found."""
        true = len(self.true[function])
        return (true - len(self.missed[function])) / true if true else 1.0


def measured(document: Path) -> Recall:
    """Detect the cryptography of the document and compare it with the truth beside it; raises ValueError if refused."""
    found = _found(document)
    truth = yaml.safe_load(document.with_name(document.name.replace(".cdx.json", ".truth.yaml")).read_text("utf-8"))
    true = {function: frozenset(truth[function]) for function in ("confidentiality", "other")}
    told = {name: each for name, each in found.items() if each is not None and each.detected}
    right = {
        "confidentiality": {name for name, each in told.items() if each.may_be_confidential},
        "other": set(told),
    }
    own = {name for name, each in told.items() if each.source not in _INDIRECT}
    return Recall(
        name=document.name.removesuffix(".cdx.json"),
        packages=len(found),
        true=true,
        missed={function: names - right[function] for function, names in true.items()},
        by_itself={function: len(names & right[function] & own) for function, names in true.items()},
        beside=frozenset((own & right["confidentiality"]) - true["confidentiality"]),
    )


def main(arguments: Iterable[str]) -> int:
    """Print the table and what was missed; returns 0."""
    folder = Path(next(iter(arguments), FOLDER))
    rows = [measured(path) for path in sorted(folder.glob("*.cdx.json"))]
    print(
        "| packages of | all | with confidentiality | found (by itself) | with other cryptography | found (by itself) |"
    )
    print("|---|---|---|---|---|---|")
    for each in rows:
        cells = [f"{len(each.true[name])} | {_counted(each, name)}" for name in ("confidentiality", "other")]
        print(f"| {each.name} | {each.packages} | {' | '.join(cells)} |")
    for each in rows:
        for function, names in each.missed.items():
            print(f"{each.name}, {function}, missed: {', '.join(sorted(names)) or 'none'}")
        print(f"{each.name}, said to have confidentiality beside: {', '.join(sorted(each.beside)) or 'none'}")
    return 0


def _counted(recall: Recall, function: str) -> str:
    found = len(recall.true[function]) - len(recall.missed[function])
    return f"{found} = {recall.share(function):.0%} ({recall.by_itself[function]})"


def _found(document: Path) -> dict[str, CryptoFinding | None]:
    outcome = read(document.read_bytes(), Limits())
    if not isinstance(outcome, Read):
        raise ValueError(f"{document.name} is refused: {outcome.detail}")
    algorithms = shipped_algorithms()
    components, edges = inspected(msgspec.json.decode(outcome.inventory, type=Inventory), algorithms)
    found = Detector(shipped_knowledge_base(), algorithms).all(components, edges)
    names = [purl_name(each.purl or "") or each.name for each in components]
    return dict(zip(names, found, strict=True))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
