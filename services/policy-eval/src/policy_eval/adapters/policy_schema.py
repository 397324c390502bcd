"""The JSON Schema of policy files, from the words that the reader knows, so that editors complete and check them.

What one rule makes of another (rules that are never reached, contexts that are not there) no schema can say: the reader
does.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, get_args

from policy_eval.adapters.cel_expressions import MOST_CHARACTERS
from policy_eval.adapters.export_files import shipped_law
from policy_eval.adapters.policy_free_rules import MOST_RULES, NAME
from policy_eval.domain.categories import CATEGORIES
from policy_eval.domain.conditions import DeliveryCondition
from policy_eval.domain.export.export_policy import ExportSeverity
from policy_eval.domain.findings import Severity
from policy_eval.domain.free_rules import FACTS
from shared.contracts.contexts import POLICY_NAME
from shared.contracts.decisions import Delivery, Kind, Medium, Use, Verdict
from shared.contracts.inventory import Linkage, Scope

Schema = dict[str, Any]
_FLAG: Final[Schema] = {"type": "boolean"}
_TEXT: Final[Schema] = {"type": "string", "minLength": 1}
_SHARE: Final[Schema] = {"type": "number", "minimum": 0, "maximum": 1}
_VERDICT: Final[Schema] = {"$ref": "#/$defs/verdict"}


def policy_schema() -> Schema:
    """The schema, in the dialect 2020-12."""
    optional = {**_OPTIONAL, "export": _by_context(_export()), "tests": _list_of(_TEST, maxItems=1000)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A licence policy of Licet",
        **_mapping(_REQUIRED, optional),
        "$defs": {"verdict": _one_of(get_args(Verdict)), "category": _one_of(CATEGORIES), "rules": _rules()},
    }


def _mapping(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """A mapping with these fields and no others."""
    properties = {**required, **(optional or {})}
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _one_of(words: Iterable[str | None]) -> Schema:
    return {"enum": list(words)}


def _list_of(item: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": item, **more}


def _words(words: Iterable[str]) -> Schema:
    """A list of words, or one of them."""
    one = _one_of(words)
    return {"anyOf": [one, _list_of(one)]}


def _some(words: Iterable[str]) -> Schema:
    one = _one_of(words)
    return {"anyOf": [one, _list_of(one, minItems=1)]}


def _rules() -> Schema:
    conditions = {
        "linkage": _some(get_args(Linkage)),
        "modified": _FLAG,
        "license": _TEXT,
        "license_family": _TEXT,
        "user_product": _FLAG,
        "delivery": _one_of(get_args(DeliveryCondition)),
        "linking_exception": _FLAG,
        "kind": _some(get_args(Kind)),
    }
    rule = _mapping({"then": _VERDICT}, {"if": _mapping({}, conditions)})
    described = "Of a list the first rule whose conditions all hold applies; the last one has no conditions."
    return {"description": described, "anyOf": [_VERDICT, _list_of(rule, minItems=1, maxItems=100)]}


def _by_context(value: Schema) -> Schema:
    return {"type": "object", "additionalProperties": value}


_CONTEXT: Final = _mapping(
    {"delivery": _words(get_args(Delivery)), "outbound": {"type": ["string", "null"], "minLength": 1}},
    {"user_product": _FLAG, "medium": _one_of(get_args(Medium)), "commercial": _FLAG},
)
_CATEGORY_WORDS: Final = _words(CATEGORIES)
_REQUIRE: Final = _mapping(
    {
        "at_least": _VERDICT,
        "osi_or_fsf_approved": _FLAG,
        "or_analysed_categories": _CATEGORY_WORDS,
        "analysed_before_delivery": _CATEGORY_WORDS,
    }
)
_OF_COMPONENT: Final = ("group", "name", "purl", "supplier", "type", "version")
_TEST: Final = _mapping(
    {"license": {"type": "string", "maxLength": 1000}, "context": _TEXT, "verdict": _VERDICT},
    {
        "name": _TEXT,
        "linkage": _one_of(get_args(Linkage)),
        "modified": _FLAG,
        "shipped": _FLAG,
        "kind": _one_of(get_args(Kind)),
        "use": _one_of(get_args(Use)),
        "user_product": _FLAG,
        "delivery": _words(get_args(Delivery)),
        "component": _mapping({}, {**dict.fromkeys(_OF_COMPONENT, _TEXT), "scope": _one_of(get_args(Scope))}),
        "depth": {"type": "integer", "minimum": 1},
        "decision_age_days": {"type": "integer", "minimum": 1},
    },
)
_FREE_RULE: Final = _mapping(
    {
        "name": {"type": "string", "pattern": f"^{NAME.pattern}$", "maxLength": 64},
        "when": {
            "type": "string",
            "minLength": 1,
            "maxLength": MOST_CHARACTERS,
            "description": f"An expression in CEL, without macros, over {', '.join(FACTS)}.",
        },
        "then": _VERDICT,
    },
    {"how_to_fix": {"type": "string", "minLength": 1, "maxLength": 1000}},
)
_VERDICTS: Final = get_args(Verdict)
_REQUIRED: Final[Mapping[str, Schema]] = {
    "verdict_order": _list_of(_VERDICT, minItems=len(_VERDICTS), maxItems=len(_VERDICTS), uniqueItems=True),
    "contexts": {"type": "object", "minProperties": 1, "additionalProperties": _CONTEXT},
    "require": _REQUIRE,
    "rules": _mapping({category: _by_context({"$ref": "#/$defs/rules"}) for category in CATEGORIES}),
    "linking_exceptions": _list_of(_TEXT),
    "not_shipped": _mapping({"default": _VERDICT, "except": _mapping({}, dict.fromkeys(CATEGORIES, _VERDICT))}),
    "or_choice": _mapping({"preferred": _list_of(_TEXT), "auto_record": _words(_VERDICTS)}),
    "release_gate": _mapping({"block": _words([*_VERDICTS, *CATEGORIES])}),
}
_OPTIONAL: Final[Mapping[str, Schema]] = {
    "name": {"type": "string", "pattern": f"^{POLICY_NAME.pattern}$"},
    "version": {"type": "integer", "minimum": 1, "description": "Set by Licet when the file is published."},
    "quality": _mapping({}, dict.fromkeys(get_args(Severity), _SHARE)),
    "free_rules": _list_of(_FREE_RULE, maxItems=MOST_RULES),
}


def _export() -> Schema:
    severities = get_args(ExportSeverity)
    return _mapping(
        {"published": _FLAG, "found": _one_of([*severities, None]), "asked": _one_of(severities)},
        {"jurisdictions": _words(shipped_law().lists.jurisdictions)},
    )
