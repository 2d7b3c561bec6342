"""Envelopes: everything once, in order, under the limits of a frame."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from risk.adapters.stream_contracts import MAX_FRAME_BYTES, MAX_ITEMS, UpdateType, envelopes


@given(st.lists(st.text(max_size=3_000).map(lambda text: json.dumps({"text": text}).encode()), max_size=250))
def test_items_are_packed_in_order_within_the_limits(items: list[bytes]) -> None:
    packed = list(envelopes(UpdateType.ALERT, items))
    assert all(len(envelope) <= MAX_FRAME_BYTES for envelope in packed)
    opened = [json.loads(envelope) for envelope in packed]
    assert all(envelope["type"] == "alert" and 1 <= len(envelope["items"]) <= MAX_ITEMS for envelope in opened)
    assert [item for envelope in opened for item in envelope["items"]] == [json.loads(item) for item in items]
