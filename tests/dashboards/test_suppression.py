"""Hidden counts stay hidden: nothing that is published adds up to one of them."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.public.suppression import SMALL, Hidden, is_small, publish, withhold

counts = st.integers(0, 14)
pairs = st.lists(st.tuples(counts, counts), min_size=1, max_size=8)
ALL_SMALL = set(range(1, SMALL))


def inputs_by_output(domain, most):
    """Every table of up to `most` parts, by what is published of it."""
    found = defaultdict(list)
    for length in range(1, most + 1):
        for parts in product(domain, repeat=length):
            found[publish(parts)].append(parts)
    return found


@pytest.mark.parametrize(
    ("domain", "most"),
    [
        (list(product(range(7), repeat=2)), 3),  # women and men
        ([(count,) for count in range(12)], 3),  # children
    ],
)
def test_every_output_leaves_each_hidden_small_count_open(domain, most):
    """Exhaustive: whoever knows this rule by heart and one output still finds, for every small
    count behind it, tables in which it is 1, 2, 3 and 4."""
    for inputs in inputs_by_output(domain, most).values():
        for place, cells in enumerate(zip(*inputs, strict=True)):
            for values in zip(*cells, strict=True):
                found = set(values)
                assert not found & ALL_SMALL or found >= ALL_SMALL, (place, inputs[0])


@given(pairs)
def test_what_is_published_does_not_depend_on_the_small_counts(parts):
    """Each small count drawn anew leaves the very same output."""
    published = publish(parts)
    for guess in ALL_SMALL:
        other = [tuple(guess if is_small(count) else count for count in part) for part in parts]
        assert publish(other) == published


@given(pairs)
def test_no_small_count_is_printed_and_what_is_printed_is_true(parts):
    published = publish(parts)
    for part, shown in zip(parts, published.parts, strict=True):
        assert not any(is_small(cell) for cell in shown if isinstance(cell, int))
        assert all(isinstance(c, Hidden) or c == n for n, c in zip(part, shown, strict=True))
    for component, cell in enumerate(published.total):
        if isinstance(cell, int):
            assert cell == sum(part[component] for part in parts)


@given(pairs)
def test_women_and_men_of_a_group_are_hidden_together(parts):
    """Else the level would tell: "30 percent of nine men and some women" is four women."""
    published = publish(parts)
    for shown in (*published.parts, published.total):
        assert len({isinstance(cell, Hidden) for cell in shown}) == 1


@given(pairs)
def test_nothing_is_hidden_without_need(parts):
    if not any(is_small(count) for part in parts for count in part):
        assert publish(parts).parts == tuple(parts)


@pytest.mark.parametrize(
    ("parts", "shown", "total"),
    [
        ([(3,)], ["*"], "*"),  # a total of one part is that part
        ([(3,), (0,)], ["*", 0], "*"),
        ([(3,), (12,)], ["*", 12], "*"),  # 15 would give 3 away
        ([(1,), (1,)], ["*", "*"], "*"),
        ([(2,), (3,), (9,)], ["*", "*", 9], "*"),
        ([(0,), (7,)], [0, 7], 7),
    ],
)
def test_cases_by_hand(parts, shown, total):
    published = publish(parts)
    assert [part[0] for part in published.parts] == shown
    assert published.total == (total,)


def test_withheld_numbers_tell_not_even_where_nobody_was():
    published = withhold([(0, 12), (3, 0)], Hidden.OPEN)
    assert published.parts == (("open", "open"), ("open", "open"))
    assert published.total == ("open", "open")
