"""What the names of scopes say, which are the words of package managers."""

import re

from shared.contracts.inventory import Scope

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_WORDS: dict[str, Scope] = {
    "test": "test",
    "tests": "test",
    "testing": "test",
    "dev": "dev",
    "develop": "dev",
    "development": "dev",
    "build": "build",
    "kapt": "build",
    "ksp": "build",
    "processor": "build",  # Gradle's annotationProcessor
    "provided": "excluded",
    "only": "excluded",  # Gradle's compileOnly
    "optional": "optional",
}
_RUNTIME_ONLY = ("runtime", "only")


def scope_of(name: str) -> Scope:
    """What a scope's name says of the use of its packages; runtime where it says nothing else."""
    words = [word.lower() for word in _WORD.findall(name)]
    if all(word in words for word in _RUNTIME_ONLY):
        words.remove("only")
    return next((_WORDS[word] for word in words if word in _WORDS), "runtime")
