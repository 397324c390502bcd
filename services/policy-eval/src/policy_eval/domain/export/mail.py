"""The e-mail by which BIS and NSA are told of published source with non-standard cryptography (15 CFR §742.15(b)(2))."""

from policy_eval.domain.export.records import Statement
from policy_eval.domain.export.statements import RECIPIENTS

_LONGEST = 500


def notification_mail(project: str, statement: Statement, url: str | None) -> dict[str, object]:
    """The mail, ready to be sent by a person: recipients, subject and text."""
    source = url or statement.source_url or "(state the URL of the source)"
    crypto = statement.crypto
    algorithms = ", ".join(crypto.algorithms) if crypto and crypto.algorithms else "(describe the cryptography)"
    functions = ", ".join(crypto.functions) if crypto and crypto.functions else "(state its functions)"
    lines = [
        "Notification under 15 CFR 742.15(b)(2) of publicly available encryption source code",
        "",
        f"Software: {_line(project)}",
        f"Internet location of the source code: {_line(source)}",
        f"Non-standard cryptography: {_line(algorithms)}",
        f"Functions: {_line(functions)}",
        f"Description: {_line(statement.description or '-')}",
        "",
        "The source code is published without restriction on further dissemination. We will notify you again if its",
        "Internet location or the non-standard cryptography changes.",
    ]
    return {
        "to": sorted(RECIPIENTS),
        "subject": f"742.15(b)(2) notification: {_line(project)}",
        "text": "\n".join(lines) + "\n",
    }


def _line(text: str) -> str:
    """The text as one line: what a project says of itself must not add headers or lines of its own."""
    return " ".join(text.split())[:_LONGEST]
