"""The description of the API as one page of HTML, without a script, an image or anything from elsewhere."""

import html
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
h2{margin-top:2.5rem}summary{cursor:pointer;padding:.25rem 0}code,pre{font:.9em ui-monospace,monospace}
pre{background:#f5f6f8;padding:.7rem;overflow:auto;max-height:24rem}table{border-collapse:collapse}
td,th{padding:.2rem .8rem .2rem 0;vertical-align:top;text-align:left}.m{display:inline-block;width:4.5rem;font-weight:600}
@media(prefers-color-scheme:dark){body{background:#14171a;color:#dde1e6}pre{background:#1e2226}a{color:#8ab4f8}}"""
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Licet API</title>
<meta name="viewport" content="width=device-width"><style>{style}</style>
<h1>Licet API {version}</h1><p>{description}</p>
<p>The same as OpenAPI: <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</p>
{operations}<h2 id="problems">Problems</h2>{problems}<h2 id="shapes">Shapes</h2>{shapes}</html>"""


def docs_page(described: Mapping[str, Any]) -> str:
    """Return the page of an OpenAPI document."""
    by_service: dict[str, list[str]] = {}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            by_service.setdefault(operation["tags"][0], []).append(_operation(method.upper(), path, operation))
    components = described["components"]
    return _PAGE.format(
        style=_STYLE,
        version=_text(described["info"]["version"]),
        description=_text(described["info"]["description"]).replace("\n\n", "</p><p>"),
        operations="".join(f"<h2>{_text(name)}</h2>{''.join(rows)}" for name, rows in by_service.items()),
        problems="".join(_problem(name, each) for name, each in components["responses"].items()),
        shapes="".join(_shape(name, schema) for name, schema in components["schemas"].items()),
    )


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> str:
    head = f'<span class="m">{method}</span> <code>{_text(path)}</code> {_text(operation["summary"])}'
    parts = [f"<p>{_text(operation['description'])}</p>", _parameters(operation["parameters"])]
    if body := operation.get("requestBody"):
        parts.append(f"<h4>Body</h4>{''.join(_contents(body['content']))}")
    parts.append(f"<h4>Answers</h4><table>{''.join(_answers(operation['responses']))}</table>")
    return f'<details id="{_text(operation["operationId"])}"><summary>{head}</summary>{"".join(parts)}</details>'


def _parameters(parameters: Iterable[Mapping[str, Any]]) -> str:
    rows = [
        f"<tr><td><code>{_text(each['name'])}</code></td><td>{_text(each['in'])}</td>"
        f"<td>{_text(each.get('description', ''))} <code>{_text(_compact(each['schema']))}</code></td></tr>"
        for each in parameters
    ]
    return f"<h4>Parameters</h4><table>{''.join(rows)}</table>" if rows else ""


def _answers(responses: Mapping[str, Any]) -> Iterator[str]:
    for status, response in responses.items():
        if "$ref" in response:
            name = response["$ref"].rpartition("/")[2]
            yield f'<tr><td>{status}</td><td><a href="#{name}">problem</a></td></tr>'
        else:
            contents = "".join(_contents(response.get("content", {})))
            yield f"<tr><td>{status}</td><td>{_text(response['description'])}{contents}</td></tr>"


def _contents(content: Mapping[str, Any]) -> Iterator[str]:
    for media, each in content.items():
        yield f"<div><code>{_text(media)}</code> {_schema(each['schema'])}</div>"
        if "example" in each:
            yield f"<pre>{_text(_pretty(each['example']))}</pre>"


def _schema(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        name = _text(schema["$ref"].rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    return f"<code>{_text(_compact(schema))}</code>" if schema else ""


def _problem(name: str, response: Mapping[str, Any]) -> str:
    lines = "".join(f"<p>{_text(line)}</p>" for line in response["description"].split("\n\n"))
    example = _pretty(response["content"]["application/problem+json"]["example"])
    head = f'<details id="{name}"><summary>{name.removeprefix("Problem")}</summary>'
    return f"{head}{lines}<pre>{_text(example)}</pre></details>"


def _shape(name: str, schema: Mapping[str, Any]) -> str:
    head = f"<code>{_text(name)}</code> {_text(schema.get('description', ''))}"
    return f'<details id="{_text(name)}"><summary>{head}</summary><pre>{_text(_pretty(schema))}</pre></details>'


def _text(text: str) -> str:
    return html.escape(text)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _pretty(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
