"""Documents with as much as fits in one place, for the readers of ORT and ScanCode."""

from collections.abc import Iterator

from tools.bench.overfull_shapes import Shape

_RESULT = '"repository":{"config":{%s}},"analyzer":{"result":{"projects":[{"id":"NPM::p:1"}],"packages":[%s]%s}}%s'
_PACKAGE = '{"id":"NPM::a:1","purl":"pkg:npm/a@1"%s}'
_IN_PACKAGE = {
    "declared licences": (',"declared_licenses":[@@]', '"§"'),
    "declared expressions": (',"declared_licenses":[@@]', '"MIT OR LicenseRef-§"'),
    "unmapped licences": (',"declared_licenses_processed":{"unmapped":[@@]}', '"§"'),
    "mapped licences": (',"declared_licenses_processed":{"mapped":{@@}}', '"§":"MIT"'),
    "authors": (',"authors":[@@]', '"§"'),
    "members": (",@@", '"§":0'),
}
_GRAPH = ',"dependency_graphs":{"NPM":{"packages":["NPM::a:1"],%s}}'
_IN_RESULT = {
    "nodes of a graph": (_GRAPH % '"nodes":[@@]', "{}"),
    "edges of a graph": (_GRAPH % '"nodes":[{},{"fragment":1}],"edges":[@@]', '{"from":0,"to":1}'),
    "roots of a scope": (_GRAPH % '"scopes":{":p:1:dependencies":[@@]},"nodes":[{}]', '{"root":0}'),
    "scopes": (_GRAPH % '"scopes":{@@},"nodes":[{}]', '":p:1:§":[]'),
    "packages of a graph": (_GRAPH.replace('"NPM::a:1"', "@@") % '"nodes":[]', '"NPM::§:1"'),
}
_FOUND = (
    ',"scanner":{"provenances":[{"id":"NPM::a:1","package_provenance":{"source_artifact":{"url":"u"}}}],'
    '"scan_results":[{"scanner":{"name":"s"},"provenance":{"source_artifact":{"url":"u"}},"summary":{%s}}]}'
)
_IN_SCANNER = {
    "findings": (
        _FOUND % '"licenses":[@@]',
        '{"license":"LicenseRef-§","location":{"path":"f§","start_line":1,"end_line":1}}',
    ),
    "copyrights": (
        _FOUND % '"copyrights":[@@]',
        '{"statement":"c§","location":{"path":"f","start_line":1,"end_line":1}}',
    ),
}
_IN_CONFIGURATION = {
    "paths that are excluded": ('"excludes":{"paths":[@@]}', '{"pattern":"§/**","reason":"OTHER"}'),
    "scopes that are excluded": ('"excludes":{"scopes":[@@]}', '{"pattern":"§.*","reason":"OTHER"}'),
    "choices": (
        '"license_choices":{"package_license_choices":[{"package_id":"NPM::a:1","license_choices":[@@]}]}',
        '{"given":"A OR §","choice":"A"}',
    ),
}
_EVALUATED = '"licenses":[%s],"packages":[{"id":"NPM::a:1"%s}],"dependency_trees":[%s]'
_OF_EVALUATED = {
    "licences of a model": (_EVALUATED % ("@@", "", ""), '{"id":"§"}'),
    "detected licences": (_EVALUATED % ('{"id":"MIT"}', ',"detected_licenses":[@@]', ""), "0"),
    "findings of a model": (_EVALUATED % ("", ',"findings":[@@]', ""), '{"path":"§"}'),
    "children of a tree": (_EVALUATED % ("", "", '{"children":[@@]}'), '{"pkg":0}'),
    "packages of a model": ('"packages":[@@],"dependency_trees":[]', '{"id":"NPM::§:1"}'),
}
_SCANCODE = '{"headers":[{"tool_name":"scancode-toolkit","tool_version":"32.3.0"}],%s}'
_SCANCODE_PACKAGE = _SCANCODE % '"packages":[{"type":"npm","name":"a","package_uid":"pkg:npm/a?uuid=1"%s}],"files":[%s]'
_FILE = '{"path":"f","type":"file","for_packages":["pkg:npm/a?uuid=1"]%s}'
_OF_SCANCODE = {
    "parties": (_SCANCODE_PACKAGE % (',"parties":[@@]', ""), '{"name":"§","role":"author"}'),
    "detections of a package": (
        _SCANCODE_PACKAGE % (',"license_detections":[@@]', ""),
        '{"license_expression_spdx":"MIT","matches":[]}',
    ),
    "statements of a package": (_SCANCODE_PACKAGE % (',"extracted_license_statement":"@@"', ""), "- §\\n"),
    "copyright of a package": (_SCANCODE_PACKAGE % (',"copyright":"@@"', ""), "§\\n"),
    "copyrights of a file": (_SCANCODE_PACKAGE % ("", _FILE % ',"copyrights":[@@]'), '{"copyright":"c§"}'),
    "matches of a file": (
        _SCANCODE_PACKAGE % ("", _FILE % ',"license_detections":[{"license_expression":"mit","matches":[@@]}]'),
        '{"license_expression":"mit","rule_identifier":"mit.LICENSE","matched_text":"t§"}',
    ),
    "detections of a file": (
        _SCANCODE_PACKAGE % ("", _FILE % ',"license_detections":[@@]'),
        '{"license_expression":"l§"}',
    ),
    "packages of a file": (
        _SCANCODE_PACKAGE % ("", '{"path":"f","type":"file","for_packages":[@@]}'),
        '"pkg:npm/a?uuid=1"',
    ),
    "files": (_SCANCODE_PACKAGE % ("", "@@"), '{"path":"§","type":"file"}'),
    "files without packages": (_SCANCODE % '"files":[@@]', '{"path":"§","type":"file"}'),
    "dependencies": (
        _SCANCODE % '"packages":[],"files":[],"dependencies":[@@]',
        '{"purl":"pkg:npm/§","for_package_uid":"§"}',
    ),
    "licence references": (
        _SCANCODE % '"packages":[],"files":[],"license_references":[@@]',
        '{"key":"§","spdx_license_key":"LicenseRef-§","text":"t§"}',
    ),
    "packages": (_SCANCODE % '"packages":[@@],"files":[]', '{"type":"npm","name":"§"}'),
}


def shapes() -> Iterator[Shape]:
    """All shapes of ORT, in JSON and YAML, and of ScanCode."""
    rows = {name: (_RESULT % ("", _PACKAGE % at, "", ""), entry) for name, (at, entry) in _IN_PACKAGE.items()}
    rows |= {name: (_RESULT % ("", _PACKAGE % "", at, ""), entry) for name, (at, entry) in _IN_RESULT.items()}
    rows |= {name: (_RESULT % ("", _PACKAGE % "", "", at), entry) for name, (at, entry) in _IN_SCANNER.items()}
    rows |= {name: (_RESULT % (at, _PACKAGE % "", "", ""), entry) for name, (at, entry) in _IN_CONFIGURATION.items()}
    rows |= {"packages": (_RESULT % ("", "@@", "", ""), '{"id":"NPM::§:1"}')} | _OF_EVALUATED
    for name, (members, entry) in rows.items():
        yield Shape("ort_json", name, f"{{{members}}}", entry)
        yield Shape("ort_yaml", name, _yaml(members), entry)
    for name, (document, entry) in _OF_SCANCODE.items():
        yield Shape("scancode_json", name, document, entry, "" if '"@@"' in document else ",")


def _yaml(members: str) -> str:
    """The members of the top, each on a line of its own, in YAML's notation of JSON."""
    for name in ("analyzer", "scanner", "packages", "dependency_trees"):
        if f',"{name}":' in members and not (name == "packages" and "repository" in members):
            members = members.replace(f',"{name}":', f'\n"{name}":')
    return members.replace('":', '": ') + "\n"
