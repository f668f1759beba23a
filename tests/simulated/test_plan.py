"""The simulated site's lists hold what they should, whatever is added and withdrawn."""

from tests.simulated.pages import article_address, list_page, parse_article, parse_list
from tests.simulated.plan import ROWS_A_PAGE, ColumnState, Plan

PLAN = Plan(articles=900, columns=3)
VSB, STUBBED, STICKY = range(3)


def shown(state: ColumnState) -> list[int]:
    """All rows of a list, page by page."""
    return [article for page in range(1, state.pages + 1) for article in state.page(page)]


def test_a_list_shows_every_article_once_and_the_newest_first() -> None:
    assert shown(ColumnState(PLAN, VSB)) == list(range(299, -1, -1))


def test_sticky_rows_stand_on_top_and_nowhere_else() -> None:
    rows = shown(ColumnState(PLAN, STICKY))
    assert rows[:4] == [75, 150, 225, 299]
    assert sorted(rows) == list(range(300))


def test_what_is_added_moves_all_rows_down_and_what_is_withdrawn_moves_them_up() -> None:
    state = ColumnState(PLAN, STICKY)
    first_of_second_page = state.page(2)[0]
    state.grow()
    assert state.page(2)[1] == first_of_second_page
    for number in range(40):
        state.shrink(PLAN.chance(number))
    rows = shown(state)
    assert len(state.withdrawn) == 40
    assert state.rows == len(rows) == 301 - 40
    assert sorted(rows) == sorted(set(range(301)) - set(state.withdrawn))
    assert all(len(state.page(page)) == ROWS_A_PAGE for page in range(1, state.pages))


def test_stubs_end_a_list_before_the_pages_that_it_claims() -> None:
    state = ColumnState(PLAN, STUBBED)
    # 300 rows on 15 pages, of which 73.5 % have rows.
    assert (state.pages, state.pages_shown) == (15, 11)
    assert b"createPageHTML(15, 10" in list_page(state, 11)
    assert len(list_page(state, 12)) < 200
    state.promised = state.published
    assert [*state.reachable()] == list(range(80, 300))
    state.grow()
    # Number 80 has moved past the last page with rows: who comes late cannot have it.
    assert min(state.reachable()) == 81


def test_what_nobody_was_told_of_cannot_be_missed() -> None:
    state = ColumnState(PLAN, VSB)
    assert [*state.reachable()] == []
    state.promised = 300
    state.grow()
    state.withdrawn = [7]
    assert [*state.reachable()] == [n for n in range(300) if n != 7]


def test_addresses_lead_back_to_what_they_are_of() -> None:
    states = [ColumnState(PLAN, number) for number in range(3)]
    for state in states:
        assert parse_article(article_address(PLAN, state.number, 42)) == (state.number, 42)
    # Page 2 of a VSB list of 15 is 14.htm, of TRS's index_1, of DedeCMS's list_2_2.
    assert parse_list("/lm0/14.htm", states) == (VSB, 2)
    assert parse_list("/lm1/index_1.html", states) == (STUBBED, 2)
    assert parse_list("/lm2/list_2_2.html", states) == (STICKY, 2)
    assert parse_list("/lm0.htm", states) == (VSB, 1)
