"""NOTICEs by a project's own Jinja2 template: it prints what the NOTICE says, and can do nothing else.

A template consists of text, `{{ … }}` and the tags `for` and `if`. There are no calls, no assignments, no macros, no other
files and no operators that make long values; attributes are the fields of the NOTICE. Whatever is printed is made harmless
for the format, so that a template cannot let markup of strangers through. Work is counted in steps, which end it.
"""

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import Any, Final

import msgspec
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, Undefined, nodes, pass_context
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from obligations.adapters.renderers.markdown_notice import escaped_line, fenced
from obligations.adapters.renderers.sample_notice import SAMPLE
from obligations.adapters.renderers.shown import in_pieces
from obligations.adapters.renderers.visible import indented, one_line
from obligations.domain.notice import Notice
from shared.errors import ErrorAt, InvalidInput, OverLimit

LONGEST_TEMPLATE: Final = 64 * 1024
MOST_STEPS: Final = 2_000_000
"""A step is a turn of a loop, an item or some letters that a filter looks at."""
MOST_OUTPUT: Final = 256 * 1024 * 1024
_LETTERS_OF_A_STEP = 64
_FILTERS = (
    "default",
    "first",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "reverse",
    "sort",
    "title",
    "trim",
    "unique",
    "upper",
)
_TESTS = ("defined", "none", "undefined")
_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.For, nodes.If, nodes.CondExpr, nodes.Name, nodes.Getattr),
    *(
        nodes.Getitem,
        nodes.Const,
        nodes.Compare,
        nodes.Operand,
        nodes.Not,
        nodes.And,
        nodes.Or,
        nodes.Filter,
        nodes.Test,
    ),
    *(nodes.List, nodes.Tuple, nodes.Slice, nodes.Keyword),
)
_OF_LOOP = frozenset(("index", "index0", "revindex", "revindex0", "first", "last", "length", "previtem", "nextitem"))
_COUNTED = "_counted"


class Block(str):
    """A text of several lines, which is printed as such and not on one line."""

    __slots__ = ()


class _Printing(ImmutableSandboxedEnvironment):
    """An environment in which nothing but fields can be reached."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, LoopContext):
            return attr in _OF_LOOP
        return attr in _fields_of(obj)


def check_template(format_: str, source: str) -> None:
    """Raises InvalidInput, with the line, for a template that is broken, does more than print, or names what is unknown."""
    if len(source) > LONGEST_TEMPLATE:
        raise OverLimit(f"A template has {LONGEST_TEMPLATE:,} letters at most.", limit="template")
    for _ in _printed(format_, source, SAMPLE):
        pass


def render_by_template(format_: str, source: str, notice: Notice) -> bytes:
    """The NOTICE as the template prints it; raises InvalidInput, OverLimit for more steps than `MOST_STEPS`."""
    return b"".join(in_pieces(_printed(format_, source, notice)))


def _printed(format_: str, source: str, notice: Notice) -> Iterator[str]:
    budget = _Budget()
    environment = _environment(format_, budget)
    try:
        tree = environment.parse(source)
        _check_nodes(tree)
        template = environment.from_string(_with_counted_loops(tree))
        left = MOST_OUTPUT
        for part in template.generate(_values(notice)):
            left -= len(part)
            if left < 0:
                raise OverLimit(f"The template prints more than {MOST_OUTPUT:,} letters.", limit="template-output")
            yield part
    except (TemplateError, TypeError, ValueError, SyntaxError, RecursionError) as error:
        raise _broken(str(error), _line_of(error)) from error


def _environment(format_: str, budget: "_Budget") -> _Printing:
    environment = _Printing(undefined=StrictUndefined, finalize=_FINALIZE[format_], autoescape=False, cache_size=0)
    environment.globals.clear()
    environment.filters = {name: budget.counting(environment.filters[name]) for name in _FILTERS}
    environment.filters[_COUNTED] = budget.counted
    environment.tests = {name: environment.tests[name] for name in _TESTS}
    return environment


class _Budget:
    """Counts the steps of one rendering."""

    def __init__(self) -> None:
        self._left = MOST_STEPS

    def take(self, value: object) -> None:
        """Count what it costs to look at a value; raises OverLimit."""
        size = len(value) if isinstance(value, Sequence) else 1
        self._left -= 1 + (size // _LETTERS_OF_A_STEP if isinstance(value, str) else size)
        if self._left < 0:
            raise OverLimit(f"The template takes more than {MOST_STEPS:,} steps.", limit="template-steps")

    @pass_context  # such filters are never worked out once for all, while the template is compiled
    def counted(self, _context: Context, values: Any) -> Any:
        """The values to loop over, as they are; what is no sequence is refused."""
        if not isinstance(values, Sequence) or isinstance(values, str):
            raise TypeError(f"a loop goes over a list, not over {type(values).__name__}")
        self.take(values)
        return values

    def counting(self, filter_: Callable[..., Any]) -> Callable[..., Any]:
        """The filter, which counts what it looks at; its result is a list where it is many values."""
        takes_environment = hasattr(filter_, "jinja_pass_arg")

        def counted(*arguments: Any, **options: Any) -> Any:
            for each in arguments[1:] if takes_environment else arguments:
                self.take(each)
            found = filter_(*arguments, **options)
            return list(found) if isinstance(found, Iterator) else found

        if takes_environment:
            counted.jinja_pass_arg = filter_.jinja_pass_arg  # type: ignore[attr-defined]  # how Jinja2 marks its filters
        return counted


def _check_nodes(tree: nodes.Template) -> None:
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _ALLOWED):
            raise _broken(f"a template can only print: {type(node).__name__.lower()} is not for it", node.lineno)
        if isinstance(node, nodes.For) and (node.recursive or node.test):
            raise _broken("a loop has neither `if` nor `recursive`", node.lineno)


def _with_counted_loops(tree: nodes.Template) -> nodes.Template:
    for loop in tree.find_all(nodes.For):
        loop.iter = nodes.Filter(loop.iter, _COUNTED, [], [], None, None, lineno=loop.lineno)
    return tree


def _values(notice: Notice) -> dict[str, Any]:
    texts = [dataclasses.replace(each, text=Block(each.text)) for each in notice.texts]
    notices = [dataclasses.replace(each, text=Block(each.text)) for each in notice.notices]
    fields = {name: getattr(notice, name) for name in _fields_of(notice)}
    return fields | {"status": notice.status, "texts": texts, "notices": notices}


def _fields_of(value: object) -> tuple[str, ...]:
    if isinstance(value, msgspec.Struct):
        return value.__struct_fields__
    return tuple(field.name for field in dataclasses.fields(value)) if dataclasses.is_dataclass(value) else ()


def _line_of(error: BaseException) -> int | None:
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    line, trace = None, error.__traceback__
    while trace is not None:  # Jinja2 makes the lines of its frames those of the template
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _broken(what: str, line: int | None) -> InvalidInput:
    place = f"line {line}" if line else "template"
    return InvalidInput(f"{place}: {what}", errors=(ErrorAt(place, what),))


def _text(value: Any) -> str:
    return indented(value, "    ") if isinstance(value, Block) else one_line(_plain(value))


def _markdown(value: Any) -> str:
    return fenced(value) if isinstance(value, Block) else escaped_line(_plain(value))


def _html(value: Any) -> str:
    return f"<pre>{escape(indented(value, ''))}</pre>" if isinstance(value, Block) else escape(one_line(_plain(value)))


def _plain(value: Any) -> str:
    """What can be printed: text, numbers, yes and no, and nothing for None."""
    if isinstance(value, Undefined):
        return str(value)  # which raises what is undefined
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int):
        return str(value)
    raise TypeError(f"a {type(value).__name__} cannot be printed as it is: print its parts")


_FINALIZE: dict[str, Callable[[Any], str]] = {"text": _text, "markdown": _markdown, "html": _html}
