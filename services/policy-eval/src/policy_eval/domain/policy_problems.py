"""What is wrong in a policy file, and where."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class PolicyProblem:
    """One fault. `line` and `column` count from 1; `pointer` is the JSON pointer of the value in the file."""

    line: int
    column: int
    pointer: str
    message: str

    @property
    def place(self) -> str:
        """The place as people and editors read it: `line 12, column 3, /rules/permissive`."""
        at = f"line {self.line}, column {self.column}"
        return f"{at}, {self.pointer}" if self.pointer else at
