"""Templates of a project: they print what the NOTICE says, harmless for the format, and can do nothing else."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obligations.adapters.renderers import project_template
from obligations.adapters.renderers.html_notice import render_html
from obligations.adapters.renderers.json_notice import read_json, render_json
from obligations.adapters.renderers.markdown_notice import render_markdown
from obligations.adapters.renderers.project_template import check_template, render_by_template
from obligations.adapters.renderers.text_notice import render_text
from obligations.domain.notice import NoticeComponent
from shared.errors import InvalidInput, OverLimit
from tests.support.examples import examples
from tests.unit.obligations.test_notice_documents import notice_of

HOSTILE = "evil<script>\x1b[31m\n# forged\n\u202e`a`"
NOTICE = notice_of("open-points")


def printed(format_: str, source: str) -> str:
    return render_by_template(format_, source, NOTICE).decode("utf-8")


def test_a_template_prints_fields_in_loops_and_conditions() -> None:
    source = (
        "{{ project|upper }} {{ status }}{% for each in components %}{% if each.license == 'Zlib OR MIT' %} "
        "{{ loop.index }}:{{ each.name }}={{ each.version|default('-') }}{% else %}.{% endif %}{% endfor %}"
    )

    assert printed("text", source) == "SHOP draft 1:choice=4.17.21......"


@pytest.mark.parametrize(
    ("source", "line", "what"),
    [
        ("a\n{% for x %}", 2, "expected token 'in'"),
        ("a\nb\n{{ nothing }}", 3, "'nothing' is undefined"),
        ("{% for c in components %}\n{{ c.nothing }}{% endfor %}", 2, "no attribute 'nothing'"),
        ("\n{{ project.format('x') }}", 2, "call is not for it"),
        ("{% set a = 1 %}", 1, "assign is not for it"),
        ("{% macro a() %}{% endmacro %}", 1, "macro is not for it"),
        ("{% include 'a' %}", 1, "include is not for it"),
        ("{% extends 'a' %}", 1, "extends is not for it"),
        ("{{ 'a' * 1000000000 }}", 1, "mul is not for it"),
        ("{{ project ~ project }}", 1, "concat is not for it"),
        ("{{ ''.__class__ }}", 1, "unsafe"),
        ("{{ components[0].__class__.__mro__ }}", 1, "unsafe"),
        ("{{ project.format }}", 1, "cannot be printed"),
        ("{{ components }}", 1, "cannot be printed"),
        ("{{ components|map('x') }}", 1, "No filter named 'map'"),
        ("{% for a in project %}{% endfor %}", 1, "a loop goes over a list"),
        ("{% for a in components recursive %}{% endfor %}", 1, "neither"),
        ("{% for a in components %}" * 25 + "{% endfor %}" * 25, None, "too many statically nested blocks"),
        ("{{" + "(" * 5000 + "1" + ")" * 5000 + "}}", None, "recursion"),
    ],
)
def test_a_template_that_is_broken_or_does_more_than_print_is_refused_with_its_line(
    source: str, line: int | None, what: str
) -> None:
    with pytest.raises(InvalidInput, match=what) as refused:
        check_template("text", source)

    assert refused.value.errors[0].pointer == (f"line {line}" if line else "template")


def test_a_template_ends_after_so_many_steps_whatever_it_loops_over() -> None:
    numbers = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]"
    source = f"{{% for a in {numbers} %}}" * 12 + "{% endfor %}" * 12

    with pytest.raises(OverLimit, match="steps"):
        check_template("text", source)


def test_what_a_filter_looks_at_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_template, "MOST_STEPS", 30)

    with pytest.raises(OverLimit, match="steps"):
        printed("text", "{% for a in components %}{% for t in texts %}{{ t.text|upper }}{% endfor %}{% endfor %}")


def test_more_output_than_allowed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_template, "MOST_OUTPUT", 1000)

    with pytest.raises(OverLimit, match="prints more"):
        printed("text", "{% for each in components %}" + "x" * 500 + "{% endfor %}")


def test_a_long_template_is_refused() -> None:
    with pytest.raises(OverLimit, match="letters"):
        check_template("html", "x" * (project_template.LONGEST_TEMPLATE + 1))


@pytest.mark.parametrize("format_", ["text", "markdown", "html"])
@given(name=st.text(max_size=20) | st.just(HOSTILE))
@examples(60)
def test_what_strangers_wrote_is_harmless_in_every_format(format_: str, name: str) -> None:
    component = NoticeComponent(name, name, None, None, None, None, (name,), (), (), False, None)
    notice = replace(project_template.SAMPLE, components=(component,))
    source = "{% for each in components %}[{{ each.name }}]{{ each.copyright|join(' ')|upper|lower }}{% endfor %}"

    shown = render_by_template(format_, source, notice).decode("utf-8")

    assert "\n" not in shown
    assert "\x1b" not in shown
    if format_ == "html":
        assert "<" not in shown
    if format_ == "markdown":
        assert all(shown[at - 1] == "\\" for at, letter in enumerate(shown) if letter in "<`#*" and at)


def test_texts_keep_their_lines() -> None:
    assert "<pre>==========\nCOMPONENTS" in printed("html", "{% for each in texts %}{{ each.text }}{% endfor %}")
    assert "```text\n==========\n" in printed("markdown", "{% for each in texts %}{{ each.text }}{% endfor %}")
    assert "\n    COMPONENTS (0)\n" in printed("text", "{% for each in texts %}{{ each.text }}{% endfor %}")


def test_the_header_of_a_project_stands_in_every_form_and_is_harmless() -> None:
    project = notice_of("permissive")
    headed = replace(project, header="Hello\n" + HOSTILE)

    assert "\n    Hello\n    evil<script>\\x1b[31m\n    # forged\n" in render_text(headed).decode()
    assert "```text\nHello\n" in render_markdown(headed).decode()
    assert "<pre>Hello\nevil&lt;script&gt;" in render_html(headed).decode()
    assert json.loads(render_json(headed))["header"] == "Hello\n" + HOSTILE
    assert read_json(render_json(headed)).header == headed.header
