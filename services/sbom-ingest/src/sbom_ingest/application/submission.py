"""What a caller asks for with a document, and the rules its names keep."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from shared.contracts.contexts import DEFAULT_CONTEXT, DEFAULT_POLICY, POLICY_NAME, SHIPPED_CONTEXTS
from shared.contracts.documents import Root
from shared.errors import ErrorAt, Forbidden, InvalidInput

MAX_NAME = 255
MAX_CONTEXT = 100


@dataclass(frozen=True, slots=True)
class Submission:
    """Where a document belongs. A project or version that is None comes from the document's root."""

    project: str | None
    version: str | None
    allowed_projects: tuple[str, ...]
    part: str = "main"
    context: str = DEFAULT_CONTEXT
    policy: str = DEFAULT_POLICY

    def check(self) -> None:
        """Raise InvalidInput for a name that cannot be, Forbidden for a project that the caller may not submit to."""
        for parameter in ("project", "version", "part"):
            value = getattr(self, parameter)
            if value is not None:
                _check_name(parameter, value)
        if not POLICY_NAME.fullmatch(self.policy):
            raise _invalid("policy", "lower-case letters, digits, '.', '_' and '-', at most 64")
        self._check_context()
        if self.project is not None:
            self._check_allowed(self.project)

    def names(self, root: Root) -> tuple[str, str]:
        """Return project and version, where needed from the document's root; raises InvalidInput, Forbidden."""
        project = self.project or root.name
        version = self.version or root.version
        for parameter, value in (("project", project), ("version", version)):
            if value is None:
                raise _invalid(parameter, f"say `{parameter}=`: the document's root names none")
            _check_name(parameter, value)
        assert project is not None
        assert version is not None
        self._check_allowed(project)
        return project, version

    def _check_context(self) -> None:
        # Which contexts another policy has is known where policies are kept, which names an unknown one in its stage.
        if self.policy == DEFAULT_POLICY and self.context not in SHIPPED_CONTEXTS:
            raise _invalid("context", f"{self.context!r} is not known; one of {', '.join(SHIPPED_CONTEXTS)}")
        _check_name("context", self.context, MAX_CONTEXT)

    def _check_allowed(self, project: str) -> None:
        if not any(fnmatchcase(project, pattern) for pattern in self.allowed_projects):
            raise Forbidden(f"This key may not submit to the project {project!r}.")


def _check_name(parameter: str, value: str, most: int = MAX_NAME) -> None:
    if not value.strip() or len(value) > most or not value.isprintable():
        raise _invalid(parameter, f"a printable text of 1 to {most} characters")


def _invalid(parameter: str, message: str) -> InvalidInput:
    return InvalidInput(f"{parameter}: {message}", errors=(ErrorAt(parameter, message),))
