"""What a rule may say, and that nothing it says is slow or fails the stream."""

from __future__ import annotations

import math
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.domain.errors import InvalidExpression
from risk.features.catalog import FEATURES
from risk.rules.cel import EVENT_FIELDS, MAX_SOURCE, Environment, check


def says(source: str, values: dict[str, Any] | None = None) -> bool | str:
    expression = check(source)
    environment = Environment([expression])
    found = environment.run(expression)(environment.activation(values or {})).value()
    return found if isinstance(found, bool) else str(found)


def refusal(source: str) -> tuple[int, int, str]:
    with pytest.raises(InvalidExpression) as caught:
        check(source)
    return caught.value.faults[0]


@pytest.mark.parametrize(
    ("source", "line", "column", "word"),
    [
        ("event.amuont > 3.0", 1, 6, "did you mean event.amount?"),
        ("event.hour > 3 &&\n  features.nothing > 1.0", 2, 11, "there is no features.nothing"),
        ("event.account_id > 3.0", 1, 18, "string, double"),
        ("event.amount > 3", 1, 14, "write 3.0"),
        ("event.amount > ", 1, 16, "Syntax error"),
        ("event.amount", 1, 1, "must be true or false"),
        ("event == event", 1, 1, "there is no event"),
        ('in_list(event.ip, "x")', 1, 1, "name of a list"),
        ("in_list(", 1, 1, "name of a list"),
        ('in_list("some", event.amount)', 1, 1, "name of a list"),
        ('in_list("some", event.ip + "1")', 1, 1, "name of a list"),
        ('event.ip.in_list("some", event.ip)', 1, 17, "there is no in_list"),
        ('in_list("No List", event.ip)', 1, 9, "list No List not found"),
        ("(" * 200 + "true" + ")" * 200, 1, 1, "nested too deeply"),
        ("true" + " && true" * 600, 1, MAX_SOURCE + 1, "4096 characters"),
        ("\ud800", 1, 1, "UTF-8"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line_and_column(source: str, line: int, column: int, word: str) -> None:
    found = refusal(source)
    assert found[:2] == (line, column)
    assert word in found[2]


@pytest.mark.parametrize(
    "source",
    [
        "[1, 2].all(x, [1, 2].all(y, [1, 2].all(z, x + y + z > 0)))",
        "[1].map(x, x) == [1]",
        "event.attributes.exists(key, key == 'a')",
        "[1].filter (x, true) == [1]",
        "[1].exists_one /* no comment in CEL */ (x, true)",
    ],
)
def test_loops_are_refused(source: str) -> None:
    assert refusal(source)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a{30}){30}",
        "((a{10}){10}){10}",
        r"\\pL+",
        r"[\\p{Greek}]",
        "(",
        "a" * 129,
        "a{99999999999}",
        r"\\\\pL" * 30,
        "." * 40,
        ".{40}",
        "[^a]" * 30,
        "(.{5}){5}",
        r"\\W{40}",
    ],
)
def test_patterns_that_could_be_slow_are_refused(pattern: str) -> None:
    assert refusal(f'event.account_id.matches("{pattern}")')[1] == len("event.account_id.matches(") + 1


@pytest.mark.parametrize("pattern", ["^[A-Z]{2}[0-9]{2}[A-Z0-9]{11}$", "^(test|demo)-.*", "(ab){3}", ".{20}", "a{0}"])
def test_patterns_of_daily_use_are_taken(pattern: str) -> None:
    check(f'event.account_id.matches("{pattern}")')


def test_a_pattern_must_be_written_out() -> None:
    assert "in quotes" in refusal("event.account_id.matches(event.channel)")[2]
    assert "in quotes" in refusal('matches(event.account_id, "a")')[2]
    assert "in quotes" in refusal('event.account_id.matches("a" + "b")')[2]


def test_a_pattern_that_kills_backtracking_engines_takes_no_time() -> None:
    values = {"event.account_id": "a" * 127 + "!"}
    started = perf_counter()
    assert says('event.account_id.matches("^(a+)+$")', values) is False
    assert perf_counter() - started < 1.0


def test_ten_megabytes_are_refused_at_once() -> None:
    started = perf_counter()
    refusal('event.account_id == "' + "a" * 10_000_000 + '"')
    assert perf_counter() - started < 1.0


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("1 / 0 == 1", "divide by zero"),
        ("9223372036854775807 + 1 > 0", "overflow"),
        ("event.attributes.basket > 3", "basket"),
    ],
)
def test_what_cannot_be_evaluated_is_an_error_and_no_exception(source: str, word: str) -> None:
    found = says(source, {"event.attributes": {"number": 1}})
    assert isinstance(found, str)
    assert word in found


def test_an_unknown_number_is_neither_more_nor_less_nor_equal() -> None:
    unknown = {"event.amount": math.nan}
    assert [says(f"event.amount {sign} 3.0", unknown) for sign in ("<", "<=", ">", ">=", "==")] == [False] * 5
    assert says("event.amount != 3.0", unknown) is True


def test_attributes_may_be_asked_for() -> None:
    values = {"event.attributes": {"basket": 4, "coupon": "X"}}
    assert says("has(event.attributes.basket) && event.attributes.basket > 3.5", values) is True
    assert says("has(event.attributes.other) && event.attributes.other > 3", values) is False


def test_every_feature_has_a_name_that_expressions_know() -> None:
    for feature in FEATURES:
        assert says(f"features.{feature.name} > 0.0", {f"features.{feature.name}": 1.0}) is True


def test_names_are_found_however_they_are_written() -> None:
    found = check('event . amount > 1.0 // event.ip\n || "event.hour" == event.country')
    assert found.names == {"event.amount", "event.country"}


def test_questions_to_lists_become_variables() -> None:
    expression = check("in_list( \"nets\", event.ip ) && !in_list('shops', event . counterparty_id) // in_list")
    assert expression.source == "listed_nets__ip && !listed_shops__counterparty_id // in_list"
    assert expression.lists == {"nets", "shops"}
    assert says('in_list("nets", event.ip)', {"listed_nets__ip": True}) is True
    assert "there is no listed_nets__ip" in refusal("listed_nets__ip")[2]


def test_a_list_that_is_not_known_is_refused_where_lists_are_known() -> None:
    check('in_list("shops", event.counterparty_id)', {"shops"})
    with pytest.raises(InvalidExpression, match="column 9: list shop not found;"):
        check('in_list("shop", event.counterparty_id)', {"shops"})


TOKENS = st.sampled_from(
    ["event.amount", "event.ip", "in_list", "matches", ".", "(", ")", ",", '"a"', "'", '"""', "r'", "\\", "//", "\n",
     "1", "1.0", "/", "&&", "||", "!", "-", "?", ":", "[", "]", "{", "}", "all", "features.count_1h", "size", "\x00"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(TOKENS, max_size=40).map(" ".join) | st.text(max_size=200))
def test_any_text_is_compiled_or_refused_with_a_place(source: str) -> None:
    try:
        check(source)
    except InvalidExpression as error:
        faults = error.faults
    else:
        return
    assert faults
    assert all(fault.line >= 1 and fault.column >= 1 and fault.detail for fault in faults)


@settings(deadline=None)
@given(st.sampled_from(["\\", "'''", '"""', "\\\\", "\\'", '"', "\n"]), st.integers(1, 1300))
def test_unfinished_literals_are_refused_in_no_time(part: str, times: int) -> None:
    started = perf_counter()
    refusal(('"""' + part * times)[:MAX_SOURCE] + "(")
    assert perf_counter() - started < 1.0


@pytest.mark.parametrize(
    "expression",
    [
        "(event.channel + event.channel).contains('a')",
        "event.channel.contains(event.channel + event.country)",
        "(event.channel).contains('a')",
        f"event.channel.contains('{'a' * 129}')",
        "string(event.channel).contains('a')",
        " || ".join(["event.channel.contains('a')"] * 33),
        " + ".join(["event.channel"] * 34) + " == ''",
        "event.channel.contains('a' + 'b')",
    ],
)
def test_what_would_cost_too_much_is_refused_when_it_is_written(expression: str) -> None:
    with pytest.raises(InvalidExpression):
        check(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "event.channel.contains('app')",
        "event.channel.contains(event.country)",
        "'web, app'.contains(event.channel)",
        "event.channel + event.country == 'appDE'",
        f"event.channel.contains('{'a' * 128}')",
    ],
)
def test_a_search_in_one_text_may_be_written(expression: str) -> None:
    check(expression)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("event.attributes.basket.total > 10.0", True),
        ("event.attributes.basket.items[1].sku == 'b-2'", True),
        ("'vip' in event.attributes.tags && size(event.attributes.tags) == 2", True),
        ("has(event.attributes.basket.coupon)", False),
        ("has(event.attributes.basket) && event.attributes.basket.total == 11", False),
    ],
)
def test_nested_attributes_and_lists_are_addressed_by_path(source: str, expected: bool) -> None:
    event = {
        "attributes": {
            "basket": {"total": 11.5, "items": [{"sku": "a-1"}, {"sku": "b-2"}]},
            "tags": ["vip", "new"],
        }
    }
    expression = check(source)
    environment = Environment([expression])
    read = {field.name: field.read for field in EVENT_FIELDS}
    activation = environment.activation({name: read[name](event) for name in expression.names})
    assert bool(environment.run(expression)(activation).value()) is expected
