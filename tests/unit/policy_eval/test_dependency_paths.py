"""The shortest ways from the root to a component, in graphs of any shape."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from policy_eval.domain.graph import GAP, MAX_PATHS, MAX_STEPS, DependencyPaths
from shared.contracts.inventory import ROOT
from tests.support.examples import examples

edges_among_eight = st.lists(st.tuples(st.integers(ROOT, 7), st.integers(0, 7)), max_size=30)


def test_the_shortest_path_comes_first():
    paths = DependencyPaths(4, [(ROOT, 0), (0, 1), (1, 2), (2, 3), (ROOT, 2)])

    assert paths.paths(3) == ((2, 3), (0, 1, 2, 3))


def test_only_what_the_root_depends_on_is_direct():
    paths = DependencyPaths(2, [(ROOT, 0), (0, 1)])

    assert (paths.is_direct(0), paths.is_direct(1)) == (True, False)


def test_without_a_graph_nothing_is_direct_and_no_path_is_made_up():
    paths = DependencyPaths(1, [])

    assert (paths.is_direct(0), paths.paths(0)) == (False, ())


def test_a_component_that_nothing_leads_to_has_no_path():
    assert DependencyPaths(3, [(ROOT, 0), (1, 2), (2, 1)]).paths(2) == ()


def test_of_many_paths_five_are_kept():
    middle = range(1, 9)
    edges = [*((ROOT, each) for each in middle), *((each, 0) for each in middle)]

    assert DependencyPaths(9, edges).paths(0) == tuple((each, 0) for each in range(1, 1 + MAX_PATHS))


def test_a_long_path_is_shortened_in_the_middle():
    length = 1_000
    paths = DependencyPaths(length, [(number - 1, number) for number in range(length)])

    (path,) = paths.paths(length - 1)
    (whole,) = paths.paths(MAX_STEPS - 1)

    assert path == (*range(32), GAP, *range(length - 32, length))
    assert whole == tuple(range(MAX_STEPS))


@examples(100)
@given(edges_among_eight)
def test_every_path_is_a_way_through_the_graph_that_visits_nothing_twice(edges):
    paths = DependencyPaths(8, edges)

    for position in range(8):
        for path in paths.paths(position):
            assert set(pairwise((ROOT, *path))) <= set(edges)
            assert len(set(path)) == len(path)
            assert path[-1] == position


@examples(100)
@given(edges_among_eight)
def test_everything_that_can_be_reached_has_a_path_and_the_shortest_first(edges):
    paths = DependencyPaths(8, edges)

    for position, steps in steps_from_root(edges).items():
        lengths = [len(path) for path in paths.paths(position)]
        assert lengths[0] == steps
        assert lengths == sorted(lengths)


@examples(150)
@given(edges_among_eight)
def test_without_cycles_the_paths_are_exactly_the_shortest(edges):
    forward = [(source, target) for source, target in edges if source < target]
    paths = DependencyPaths(8, forward)

    for position in range(8):
        every = sorted(len(path) for path in every_path(forward, position))
        assert [len(path) for path in paths.paths(position)] == every[:MAX_PATHS]


@examples(150)
@given(edges_among_eight)
def test_with_cycles_no_path_is_told_twice_and_none_is_shorter_than_there_is(edges):
    paths = DependencyPaths(8, edges)

    for position in range(8):
        found, every = paths.paths(position), every_path(edges, position)
        assert len(set(found)) == len(found)
        assert set(found) <= set(every)
        assert bool(found) == bool(every)


@examples(50)
@given(edges_among_eight, st.randoms())
def test_the_order_of_the_edges_is_no_matter(edges, chance):
    shuffled = [*edges, *edges]
    chance.shuffle(shuffled)

    assert [DependencyPaths(8, edges).paths(each) for each in range(8)] == [
        DependencyPaths(8, shuffled).paths(each) for each in range(8)
    ]


def test_paths_that_double_with_every_step_are_not_gone_through():
    steps = 2_000
    pairs = [(2 * step + a, 2 * step + 2 + b) for step in range(steps - 1) for a in (0, 1) for b in (0, 1)]
    paths = DependencyPaths(2 * steps, [(ROOT, 0), (ROOT, 1), *pairs])

    assert len(paths.paths(2 * steps - 1)) == MAX_PATHS


def test_a_graph_in_which_everything_leads_back_is_searched_within_bounds():
    length = 3_000
    forward = [(number - 1, number) for number in range(length)]
    back = [(number, number // 2) for number in range(1, length)]
    paths = DependencyPaths(length, forward + back)

    assert all(1 <= len(paths.paths(position)) <= MAX_PATHS for position in range(length))


def every_path(edges, position):
    """All ways from the root to the component that visit nothing twice."""
    targets = {}
    for source, target in set(edges):
        targets.setdefault(source, []).append(target)
    waiting, found = [()], []
    while waiting:
        path = waiting.pop()
        if path and path[-1] == position:
            found.append(path)
            continue
        waiting += [(*path, each) for each in targets.get(path[-1] if path else ROOT, ()) if each not in path]
    return found


def steps_from_root(edges):
    steps, frontier, count = {}, {ROOT}, 0
    while frontier:
        count += 1
        frontier = {target for source, target in edges if source in frontier and target not in steps}
        steps.update(dict.fromkeys(frontier, count))
    return steps
