"""What holds for every NOTICE: completeness, independence of order, and harmlessness whatever strangers wrote."""

import json
import re
from html.parser import HTMLParser
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from obligations.adapters.catalogue_files import load_obligation_catalogue
from obligations.adapters.renderers.html_notice import render_html, render_html_by_license
from obligations.adapters.renderers.json_notice import render_json
from obligations.adapters.renderers.markdown_notice import render_markdown
from obligations.adapters.renderers.text_notice import render_text
from obligations.adapters.renderers.visible import indented, one_line
from obligations.domain.compile_notice import compile_notice
from obligations.domain.notice import Notice, Organization
from shared.contracts.decisions import DecidedComponent, DecidedRelease
from shared.licensing import With, leaves, parse
from tests.support.decided import a_component, a_release, own_text, text_of_holder
from tests.support.examples import examples

CATALOGUE = load_obligation_catalogue()
RULER = "=" * 78
SECTIONS = 6
ESCAPED = re.compile(r"\\[!-/:-@\[-`{-~]")
MARKUP = "<script>alert(1)</script>\"onload=x' & [x](javascript:y) `a` ``` *b* | ~~c~~ \\ # d"
HOSTILE = "evil\x00\x1b[31m\r\n" + RULER + "\nOPEN POINTS (0)\n\u202egpj\u2028\u200b\ufeff\x85\x0b\x9b\ud800* x"
TEXTS = {
    "mit": text_of_holder("MIT", "Copyright (c) 2013 Doe"),
    "bsd": text_of_holder("BSD-3-Clause", "Copyright (c) 2013, Roe."),
    "remark": "See LICENSE.",
    "gpl": CATALOGUE.licenses.text("GPL-2.0-only") or "",
    "hostile": HOSTILE,
    "markup": MARKUP + "\n```\n# forged\n</pre><h1>forged",
}
LICENSES = [
    None,
    "MIT",
    "ISC",
    "curl",
    "Apache-2.0",
    "MPL-2.0",
    "GPL-2.0-or-later",
    "LicenseRef-own",
    "GPL-2.0-only WITH Classpath-exception-2.0",
    "Apache-2.0 WITH AdditionRef-own",
    "MIT AND BSD-3-Clause",
    "LGPL-3.0-only AND Zlib",
]

words = st.one_of(st.text(max_size=12), st.sampled_from(["a", "A", "b", HOSTILE, MARKUP]))
components = st.builds(
    a_component,
    st.sampled_from(LICENSES),
    name=words,
    version=st.none() | words,
    purl=st.none() | words,
    supplier=st.none() | words,
    source_url=st.none() | words,
    copyright=st.lists(words, max_size=2),
    texts=st.lists(st.sampled_from(sorted(TEXTS)).map(own_text), max_size=2),
    notices=st.lists(st.sampled_from(sorted(TEXTS)), max_size=1),
    shipped=st.booleans(),
    modified=st.sampled_from([True, False, None]),
    linkage=st.sampled_from(["static", "dynamic", "separate", None]),
)
releases = st.lists(components, max_size=6).map(lambda some: a_release(*some, texts=TEXTS, project=HOSTILE))


def notice_of(release: DecidedRelease) -> Notice:
    return compile_notice(release, CATALOGUE, Organization(HOSTILE, HOSTILE), "Licet 0")


def facts(component: DecidedComponent) -> tuple[object, ...]:
    return component.name, component.version, component.purl, component.effective_license, tuple(component.copyright)


@given(releases)
@examples(60)
def test_every_shipped_component_is_there_exactly_once(release: DecidedRelease) -> None:
    notice = notice_of(release)

    distinct = {repr(each): each for each in release.components if each.shipped}.values()
    printed = [(each.name, each.version, each.purl, each.license, each.copyright) for each in notice.components]
    assert sorted(printed, key=repr) == sorted(map(facts, distinct), key=repr)


@given(releases)
@examples(60)
def test_every_licence_that_applies_has_its_complete_text_or_an_open_point(release: DecidedRelease) -> None:
    notice = notice_of(release)

    labels = {each.id: each.license.split(", ") for each in notice.texts}
    missing = {
        (each.name, each.version, point.message.split()[3])
        for point in notice.open_points
        if point.kind == "license-text-missing"
        for each in point.components
    }
    for component in notice.components:
        carried = {label for text in component.texts for label in labels[text]}
        for leaf in leaves(parse(component.license)) if component.license else ():
            needed = {leaf.license.id, leaf.exception} if isinstance(leaf, With) else {leaf.id}
            assert all(each in carried or (component.name, component.version, each) in missing for each in needed)


@given(releases, st.integers())
@examples(60)
def test_the_order_of_the_input_never_changes_a_byte(release: DecidedRelease, seed: int) -> None:
    shuffled = list(release.components)
    Random(seed).shuffle(shuffled)
    other = a_release(*shuffled, texts=dict(reversed(TEXTS.items())), project=HOSTILE)

    for render in (render_text, render_json, render_html, render_markdown, render_html_by_license):
        assert render(notice_of(release)) == render(notice_of(other))


@given(releases)
@examples(60)
def test_whatever_strangers_wrote_no_control_character_and_no_forged_heading_is_printed(
    release: DecidedRelease,
) -> None:
    printed = render_text(notice_of(release)).decode("utf-8")

    lines = printed.split("\n")
    assert one_line(printed.replace("\n", "")) == printed.replace("\n", "")
    assert "\t" not in printed
    assert lines.count(RULER) == 2 * SECTIONS
    assert [line for line in lines if line.startswith("OPEN POINTS")] == [lines[-len(lines_after(lines)) - 1]]


@given(releases)
@examples(30)
def test_json_gives_every_string_back_unchanged(release: DecidedRelease) -> None:
    notice = notice_of(release)

    said = json.loads(render_json(notice))

    assert [each["name"] for each in said["components"]] == [each.name for each in notice.components]
    assert [each["text"] for each in said["texts"]] == [each.text for each in notice.texts]


@given(releases)
@examples(60)
def test_nothing_of_strangers_becomes_markup_in_html_and_nothing_is_lost(release: DecidedRelease) -> None:
    notice = notice_of(release)
    for render in (render_html, render_html_by_license):
        page = _Page()
        page.feed(render(notice).decode("utf-8"))

        assert page.open == []
        assert page.kinds <= _HTML
        assert not {name for name, _ in page.attributes if name.startswith("on") or name in ("src", "style")}
        assert all(value.startswith(("#", "https://", "http://")) for name, value in page.attributes if name == "href")
        assert all(one_line(each.name) in "".join(page.text) for each in notice.components)
        targets = {value for name, value in page.attributes if name == "id"}
        assert {value[1:] for name, value in page.attributes if name == "href" and value[0] == "#"} <= targets


def test_the_contents_by_license_lead_to_each_license() -> None:
    notice = notice_of(
        a_release(a_component("MIT", name="a"), a_component("ISC", name="b"), a_component("MIT", name="c"))
    )

    page = render_html_by_license(notice).decode("utf-8")

    for number, license_ in enumerate(("ISC (1)", "MIT (2)"), start=1):
        name, _, count = license_.partition(" ")
        assert f'<li><a href="#license-{number}">{name}</a> {count}</li>' in page
        assert f'<h3 id="license-{number}">{license_}</h3>' in page


@given(releases)
@examples(60)
def test_nothing_of_strangers_becomes_markup_in_markdown_and_nothing_is_lost(release: DecidedRelease) -> None:
    notice = notice_of(release)
    outside, inside, fence = [], [], ""
    for line in render_markdown(notice).decode("utf-8").split("\n"):
        if fence:
            fence = "" if line == fence else fence
            inside.append(line)
        elif run := re.match("`{3,}", line):
            fence = run.group()
        else:
            outside.append(line)

    assert fence == ""
    plain = [re.sub(r"<https?://[^\s<>`|~\\]+>", "", ESCAPED.sub("", line)) for line in outside]
    assert not [line for line in plain if re.search(r"[<\[\]`|~]", line)]
    assert [line for line in outside if line.startswith("## ")][-1].startswith("## Upstream notices")
    unescaped = ESCAPED.sub(lambda found: found.group()[1], "\n".join(outside))
    assert all(one_line(each.name) in unescaped for each in notice.components)


@pytest.mark.parametrize("run", ["```", "`````text", "```\n# forged"])
def test_a_fence_is_longer_than_any_run_inside(run: str) -> None:
    component = a_component("LicenseRef-own", texts=[own_text("own")])
    printed = render_markdown(notice_of(a_release(component, texts={"own": f"before\n{run}\nafter"}))).decode()

    fence = re.findall("^`+(?=text$)", printed, re.MULTILINE)
    assert max(map(len, fence)) > max(map(len, re.findall("`+", run)))


@given(st.text())
@example(HOSTILE)
@example("\t\tindented\r\n\r\n  line \n")
def test_an_indented_text_keeps_every_word_behind_the_margin(text: str) -> None:
    printed = indented(text, "    ")

    assert all(line == "" or line.startswith("    ") for line in printed.split("\n"))
    assert one_line(text.removeprefix("\ufeff")) != text.removeprefix("\ufeff") or printed.split() == text.split()


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\tc\r", "a\\x0ab\\x09c\\x0d"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\x9b31m", "\\x9b31m"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("Łukasz 山田 Zoë’s ©\xa0naïve", "Łukasz 山田 Zoë’s ©\xa0naïve"),
    ],
)
def test_what_would_steer_a_terminal_is_shown_and_writing_of_all_languages_stays(hostile: str, shown: str) -> None:
    assert one_line(hostile) == shown


_VOID = {"meta"}
_HTML = set(
    re.findall(
        r"\w+",
        "html head meta title style body header main nav div h1 h2 h3 h4 p a pre strong dl dt dd ol ul li details summary",
    )
)


class _Page(HTMLParser):
    """Reads a page: which elements it has, their attributes, those that were not closed, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.kinds.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def lines_after(lines: list[str]) -> list[str]:
    """The lines below the heading of the last section."""
    last_ruler = max(number for number, line in enumerate(lines) if line == RULER)
    return lines[last_ruler:]
