"""Say what licence strings mean, as the evaluation itself reads them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shared.computation import compute
from shared.errors import ErrorAt, InvalidInput
from shared.licensing import Normalised

MOST_VALUES: Final = 1_000


@dataclass(frozen=True, slots=True)
class NormaliseLicenses:
    """The use case, with what it needs."""

    normalise: Callable[[str], Normalised]

    async def __call__(self, values: Sequence[str]) -> list[dict[str, Any]]:
        """Return what each value means, in the order of the values; raises InvalidInput for more than 1,000."""
        if len(values) > MOST_VALUES:
            message = f"at most {MOST_VALUES} values, got {len(values)}; send the rest in another request"
            raise InvalidInput(f"values: {message}", errors=(ErrorAt("/values", message),))
        return await compute(self._meanings, values)

    def _meanings(self, values: Sequence[str]) -> list[dict[str, Any]]:
        distinct = {value: _shown(self.normalise(value)) for value in dict.fromkeys(values)}
        return [distinct[value] for value in values]


def _shown(found: Normalised) -> dict[str, Any]:
    return {
        "input": found.input,
        "expression": None if found.expression is None else str(found.expression),
        "status": found.status,
        "candidates": list(found.candidates),
        "why": found.why,
    }
