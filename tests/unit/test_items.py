"""Items come out of their bytes as they went in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streaming.items import Item, Verdict, pack, unpack
from tests.unit.test_profiles import OBSERVATIONS

VERDICTS = st.builds(Verdict, st.floats(0, 1), st.integers(0, 3), st.binary(), st.integers(1, 10**6))


@given(
    st.builds(
        Item,
        source=st.text(),
        position=st.text(),
        received_ms=st.integers(0, 2**53),
        observation=OBSERVATIONS,
        data=st.binary(),
        vector=st.lists(st.floats(allow_nan=False)).map(tuple),
        verdict=st.none() | VERDICTS,
        error=st.text(),
    )
)
def test_an_item_survives_its_bytes(item: Item) -> None:
    again = unpack(pack(item))
    assert again == item
    assert type(again.observation) is type(item.observation)
    assert type(again.verdict) is type(item.verdict)
