"""schemathesis over the whole OpenAPI document, against a real Licet: a bounded run; `make security` is the long one."""

from pathlib import Path

from tests.support.licet import StandaloneLicet
from tools.api_fuzz.run import fuzz


def test_no_answer_is_a_fault_of_ours_or_not_as_described(tmp_path: Path) -> None:
    with StandaloneLicet(tmp_path / "licet") as licet:
        done = fuzz(licet, tmp_path, seconds=8, seed=20261128, phases="examples,fuzzing")

    assert done.returncode == 0, done.stdout
    assert "Failures:" not in done.stdout
    assert "test cases" in done.stdout.lower()
