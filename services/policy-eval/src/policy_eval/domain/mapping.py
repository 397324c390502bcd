"""From the licence statements of a document to SPDX expressions."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Final, Literal

from policy_eval.domain.categories import AMBIGUOUS, NONE_FOUND, UNKNOWN
from policy_eval.domain.expression_fold import canonical, fold
from policy_eval.domain.statements import Origin, Statement, found_in_files, statement_of
from policy_eval.domain.trace import TraceStep
from shared.contracts.decisions import ComponentText
from shared.contracts.inventory import ExtractedLicense, LicenseClaim
from shared.licensing import Expression, License, With, all_of, any_of
from shared.licensing.normalise import Normalised

_LICENSE_REF: Final = re.compile(r"(?:documentref-[a-z0-9.-]+:)?licenseref-[a-z0-9.-]+", re.IGNORECASE)
_SHOWN_CHARACTERS: Final = 120

Normalise = Callable[[str], Normalised]
Stated = tuple[tuple[str, str, str, str | None], ...]
_said: Final[Callable[[LicenseClaim], tuple[str, str, str, str | None]]] = attrgetter("value", "kind", "origin", "text")


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A statement that no single licence could be read from: the category it is judged by, why, and what it may mean."""

    value: str
    category: str
    why: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MappedLicense:
    """What the claims of a component come to.

    `expression` joins all that could be read, by AND; what could not is in `unresolved`. `and_unconfirmed`: several
    claims without an operator were joined, which may have been meant as a choice. Two are equal when they say the
    same in the same order, wherever they were written. `read` are the claims that count, on one line each, and what
    came of each. `undeclared` are licences that were found in files and that what is declared does not name.
    """

    origin: Origin | Literal["curation"] | None
    values: tuple[str, ...]
    expression: Expression | None
    unresolved: tuple[Unresolved, ...] = ()
    and_unconfirmed: bool = False
    read: tuple[tuple[str, "Expression | Unresolved"], ...] = ()
    undeclared: tuple[str, ...] = ()
    trace: tuple[TraceStep, ...] = ()

    def __hash__(self) -> int:
        # What nearly always differs where anything does: the whole is much to hash.
        return hash((self.values, self.expression))

    @property
    def is_complete(self) -> bool:
        """Whether every claim could be read, and there is one."""
        return self.expression is not None and not self.unresolved


NOTHING_STATED: Final = MappedLicense(
    origin=None,
    values=(),
    expression=None,
    unresolved=(Unresolved("", UNKNOWN, "the document states no licence"),),
    trace=(TraceStep("declared", "no licence, or NOASSERTION only"),),
)


class LicenseMapper:
    """Maps the claims of one document's components, each distinct set of claims once."""

    def __init__(
        self,
        texts: dict[str, str],
        extracted_licenses: Iterable[ExtractedLicense],
        normalise: Normalise,
        known: dict[Stated, MappedLicense] | None = None,
    ) -> None:
        self._texts = texts
        self._extracted = {each.id.lower(): each for each in extracted_licenses}
        self._normalise = normalise
        # A long text is not remembered by what reads it, and all components of a document may have the same.
        self._of_texts: dict[str, Normalised] = {}
        self._definitions: dict[str, Expression | None] = {}
        # What a document defines itself is known of that document alone.
        is_plain = known is not None and not (texts or self._extracted)
        self._mapped: dict[Stated, MappedLicense] = known if known is not None and is_plain else {}

    @property
    def has_texts(self) -> bool:
        """Whether the document has any text at all."""
        return bool(self._texts)

    def map(self, claims: Sequence[LicenseClaim]) -> MappedLicense:
        """What the claims come to; the same object for the same claims."""
        key = stated(claims)
        mapped = self._mapped.get(key)
        return self._mapped.setdefault(key, self._map(claims)) if mapped is None else mapped

    def texts_of(self, claim: LicenseClaim) -> list[ComponentText]:
        """The licence texts that came with a claim, each with the licence it belongs to where that is one licence."""
        texts: list[ComponentText] = []
        if not self._texts:
            return texts
        if claim.text in self._texts:
            read = self._read(claim)
            texts.append(ComponentText(claim.text, str(read) if isinstance(read, License | With) else None))
        for reference in _LICENSE_REF.findall(claim.value) if self._extracted else ():
            definition = self._extracted.get(reference.lower())
            if definition is not None and definition.text in self._texts:
                texts.append(ComponentText(definition.text, str(self._defined(License(definition.id)))))
        return texts if len(texts) < 2 else list(dict.fromkeys(texts))

    def _map(self, claims: Sequence[LicenseClaim]) -> MappedLicense:
        statement = statement_of(claims)
        mapped = self._stated(statement)
        found = () if len(claims) == 1 else found_in_files(claims, statement)
        if not (found and mapped.is_complete and mapped.expression is not None):
            return mapped
        read = [each for each in map(self._read, found) if not isinstance(each, Unresolved)]
        undeclared = set().union(*map(_licenses, read)) - _licenses(mapped.expression)
        if not undeclared:
            return mapped
        steps = tuple(_declared(claim, shown(claim.value)) for claim in found)
        return replace(mapped, undeclared=tuple(sorted(undeclared)), trace=(*mapped.trace, *steps))

    def _stated(self, statement: Statement) -> MappedLicense:
        if not statement.claims:
            return NOTHING_STATED
        lines = [shown(claim.value) for claim in statement.claims]
        values = tuple(sorted(set(lines)))
        steps = tuple(map(_declared, statement.claims, lines))
        if statement.says_none:
            none = Unresolved("NONE", NONE_FOUND, "the document states that there is no licence")
            return MappedLicense(statement.origin, values, None, (none,), trace=steps)
        read = _answered([self._read(claim) for claim in statement.claims])
        mapped = map(_mapped_step, lines, read)
        named = [(" ".join(claim.value.split()), each) for claim, each in zip(statement.claims, read, strict=True)]
        return joined_claims(MappedLicense(statement.origin, values, None, trace=(*steps, *mapped)), named)

    def _read(self, claim: LicenseClaim) -> Expression | Unresolved:
        normalised = self._normalise(claim.value)
        if normalised.expression is None and claim.text in self._texts:
            by_text = self._of_text(claim.text)
            # A name that says nothing ("declared license of 'a'") may stand over a text that says something.
            says_more = by_text.expression is not None or (normalised.status, by_text.status) == (
                "unknown",
                "ambiguous",
            )
            normalised = by_text if says_more else normalised
        if normalised.expression is None:
            return _unresolved(normalised)
        if not self._extracted or not _LICENSE_REF.search(claim.value):
            return normalised.expression
        return fold(normalised.expression, self._defined, all_of, any_of)

    def _defined(self, leaf: License | With) -> Expression:
        """What the document's own definition of a LicenseRef comes to, or the leaf itself.

        The text decides where there is one, since a name may stand over any text.
        """
        name = leaf.id.lower() if isinstance(leaf, License) else ""
        if name not in self._extracted:
            return leaf
        if name not in self._definitions:
            self._definitions[name] = self._definition(self._extracted[name])
        expression = self._definitions[name]
        return leaf if expression is None else expression

    def _definition(self, definition: ExtractedLicense) -> Expression | None:
        if definition.text and self._texts.get(definition.text, "").strip() not in ("", "NOASSERTION", "NONE"):
            return self._of_text(definition.text).expression
        return self._normalise(definition.name).expression if definition.name else None

    def _of_text(self, key: str) -> Normalised:
        if key not in self._of_texts:
            self._of_texts[key] = self._normalise(self._texts[key].strip())
        return self._of_texts[key]


def stated(claims: Sequence[LicenseClaim]) -> Stated:
    """What the claims say, wherever they were written."""
    return (_said(claims[0]),) if len(claims) == 1 else tuple(map(_said, claims))


def joined_claims(mapped: MappedLicense, read: Sequence[tuple[str, Expression | Unresolved]]) -> MappedLicense:
    """The licence that these claims come to, joined by AND: each a value of the document with what it means."""
    distinct = list(dict.fromkeys([each for _, each in read]))
    expressions = [each for each in distinct if not isinstance(each, Unresolved)]
    if len(expressions) > 1:
        expressions.sort(key=canonical)
    # By place: `replace` takes several times as long.
    return MappedLicense(
        mapped.origin,
        mapped.values,
        (expressions[0] if len(expressions) == 1 else all_of(expressions)) if expressions else None,
        tuple([each for each in distinct if isinstance(each, Unresolved)]),
        len(distinct) > 1,
        tuple(dict.fromkeys(read)),
        mapped.undeclared,
        mapped.trace,
    )


def _licenses(expression: Expression) -> set[str]:
    """The licences that the expression names, each with its exception."""
    return fold(
        expression, lambda leaf: {str(leaf)}, lambda found: set().union(*found), lambda found: set().union(*found)
    )


def shown(value: str) -> str:
    """A value as it is shown: on one line, whole licence texts cut."""
    line = " ".join(value.split())
    return line if len(line) <= _SHOWN_CHARACTERS else line[: _SHOWN_CHARACTERS - 1] + "…"


def _unresolved(normalised: Normalised) -> Unresolved:
    category = AMBIGUOUS if normalised.status == "ambiguous" else UNKNOWN
    return Unresolved(shown(normalised.input), category, normalised.why, normalised.candidates)


def _answered(read: list[Expression | Unresolved]) -> list[Expression | Unresolved]:
    """What was read, where a statement that may mean several licences means the one that another statement names.

    Python packages state `BSD-3-Clause` beside the classifier `BSD License`, which says the same less exactly.
    """
    if len(read) == 1:
        return read
    named = {str(each): each for each in read if isinstance(each, License | With)}

    def answer(each: Expression | Unresolved) -> Expression | Unresolved:
        if not isinstance(each, Unresolved):
            return each
        answers = [named[candidate] for candidate in each.candidates if candidate in named]
        return answers[0] if len(answers) == 1 else each

    return [answer(each) for each in read]


def _declared(claim: LicenseClaim, line: str) -> TraceStep:
    return TraceStep("declared", f"{claim.origin}: {line}")


def _mapped_step(line: str, result: Expression | Unresolved) -> TraceStep:
    outcome = f"{result.category} ({result.why})" if isinstance(result, Unresolved) else str(result)
    return TraceStep("mapped", f"{line} → {outcome}")
