"""Where files hold licences that are not declared the OSPO is told, even if all are allowed (domain model §3.3)."""

from policy_eval.domain.evaluation import Evaluation
from policy_eval.domain.findings import Finding
from policy_eval.domain.statements import Origin
from shared.contracts.inventory import LicenseClaim
from tests.support.builders import a_claim, a_component
from tests.support.decisions import a_decision, evaluated_with


def _claims(*claims: tuple[str, Origin]) -> list[LicenseClaim]:
    return [a_claim(value, origin) for value, origin in claims]


def _conflicts(evaluation: Evaluation) -> list[Finding]:
    return [each for each in evaluation.findings if each.question.rule == "license/conflict"]


def test_a_license_found_in_files_and_not_declared_goes_to_the_ospo() -> None:
    component = a_component(*_claims(("MIT", "declared"), ("MIT", "observed"), ("Apache-2.0 AND ISC", "observed")))

    (finding,) = _conflicts(evaluation := evaluated_with([], component))

    assert (finding.question.severity, finding.question.route) == ("warning", "ospo")
    assert "MIT is declared, but the files also hold Apache-2.0, ISC." in finding.question.message
    assert (evaluation.gate.verdict, evaluation.release.components[0].effective_license) == ("warn", "MIT")
    trace = [each.saw for each in evaluation.parts[0].decisions[0].trace if each.step == "declared"]
    assert "observed: Apache-2.0 AND ISC" in trace


def test_what_names_the_same_licenses_is_no_conflict() -> None:
    agreeing = [
        _claims(("MIT", "declared"), ("MIT", "observed")),
        _claims(("MIT OR Apache-2.0", "declared"), ("Apache-2.0", "observed")),
        _claims(("MIT AND Zlib", "declared"), ("Zlib AND MIT", "observed")),
        _claims(("MIT", "declared"), ("NOASSERTION", "observed"), ("NONE", "observed")),
        _claims(("MIT", "concluded"), ("MIT", "declared"), ("GPL-2.0-only", "observed")),
        _claims(("GPL-2.0-only", "observed")),
        _claims(("MIT", "declared"), ("some words that name nothing", "observed")),
    ]
    assert [_conflicts(evaluated_with([], a_component(*claims))) for claims in agreeing] == [[]] * len(agreeing)


def test_or_later_and_an_exception_make_another_license() -> None:
    for declared, observed in (
        ("GPL-2.0-only", "GPL-2.0-or-later"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only"),
    ):
        claims = _claims((declared, "declared"), (observed, "observed"))
        assert len(_conflicts(evaluated_with([], a_component(*claims)))) == 1


def test_a_curation_settles_the_conflict() -> None:
    curation = a_decision("curation", purl="pkg:npm/left-pad", license="MIT")
    claims = _claims(("MIT", "declared"), ("Apache-2.0", "observed"))

    assert _conflicts(evaluated_with([curation], a_component(*claims))) == []


def test_other_findings_in_files_are_another_question() -> None:
    (one,) = _conflicts(evaluated_with([], a_component(*_claims(("MIT", "declared"), ("ISC", "observed")))))
    (other,) = _conflicts(evaluated_with([], a_component(*_claims(("MIT", "declared"), ("Zlib", "observed")))))

    assert one.fingerprint != other.fingerprint
