"""The tree of RFC 6962: published vectors, and proofs that hold for what is true and for nothing else."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.audit import merkle

# Leaves, roots and proofs of certificate-transparency's own tests (merkletree, rfc6962).
LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = [merkle.leaf_hash(leaf) for leaf in LEAVES]
PATH_OF_5 = [
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
FROM_6_TO_8 = [
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
FROM_2_TO_5 = [
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
]


def reader(hashes: list[bytes]) -> merkle.Read:
    """Reads stored levels of this tree, and refuses what is not stored."""
    levels = {0: hashes}
    for level in (8, 16):
        levels[level] = merkle.tiles(levels[level - 8])

    def read(level: int, first: int, count: int) -> list[bytes]:
        found = levels[level][first : first + count]
        assert len(found) == count
        return found

    return read


def texts(path: list[bytes]) -> list[str]:
    return [step.hex() for step in path]


def raw(path: list[str]) -> list[bytes]:
    return [bytes.fromhex(step) for step in path]


def test_hashes_are_those_of_the_standard() -> None:
    assert merkle.EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    node = "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    assert merkle.node_hash(b"N123", b"N456").hex() == node


def test_roots_and_proofs_are_those_published() -> None:
    read = reader(HASHES)
    assert [merkle.root(read, size).hex() for size in range(1, 9)] == ROOTS
    assert merkle.root(read, 0) == merkle.EMPTY
    assert texts(merkle.inclusion_proof(read, 5, 8)) == PATH_OF_5
    assert merkle.inclusion_proof(read, 0, 1) == []
    assert texts(merkle.consistency_proof(read, 6, 8)) == FROM_6_TO_8
    assert texts(merkle.consistency_proof(read, 2, 5)) == FROM_2_TO_5
    roots = raw(ROOTS)
    assert merkle.verify_inclusion(HASHES[5], 5, 8, raw(PATH_OF_5), roots[7])
    assert merkle.verify_consistency(6, roots[5], 8, roots[7], raw(FROM_6_TO_8))
    assert merkle.verify_consistency(2, roots[1], 5, roots[4], raw(FROM_2_TO_5))
    assert not merkle.verify_consistency(6, roots[4], 8, roots[7], raw(FROM_6_TO_8))


def plain_root(hashes: list[bytes]) -> bytes:
    """The definition in section 2.1, word for word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return hashlib.sha256(b"\x01" + plain_root(hashes[:split]) + plain_root(hashes[split:])).digest()


MANY = [merkle.leaf_hash(number.to_bytes(4, "big")) for number in range(70_000)]
READ_MANY = reader(MANY)


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 1000, 65_535, 65_536, 65_537, 70_000])
def test_every_way_to_a_root_is_the_definition(size: int) -> None:
    wanted = plain_root(MANY[:size])
    assert merkle.root(READ_MANY, size) == merkle.root_of(MANY[:size]) == wanted


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_an_inclusion_proof_holds_for_its_leaf_and_place_only(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(MANY)))
    index = data.draw(st.integers(0, size - 1))
    root, path = merkle.root(READ_MANY, size), merkle.inclusion_proof(READ_MANY, index, size)
    assert len(path) <= 17
    assert merkle.verify_inclusion(MANY[index], index, size, path, root)
    assert not merkle.verify_inclusion(MANY[index - 1] if size > 1 else b"", index, size, path, root)
    other = data.draw(st.integers(0, size))
    assert other == index or not merkle.verify_inclusion(MANY[index], other, size, path, root)
    assert not merkle.verify_inclusion(MANY[index], index, size, [*path, root], root)
    if path:
        place = data.draw(st.integers(0, len(path) - 1))
        changed = [*path[:place], bytes(32), *path[place + 1 :]]
        assert not merkle.verify_inclusion(MANY[index], index, size, changed, root)
        assert not merkle.verify_inclusion(MANY[index], index, size, path[:-1], root)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_consistency_proof_holds_for_its_two_trees_only(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, len(MANY)))
    old = data.draw(st.integers(0, new))
    was, now = merkle.root(READ_MANY, old), merkle.root(READ_MANY, new)
    path = merkle.consistency_proof(READ_MANY, old, new)
    assert merkle.verify_consistency(old, was, new, now, path)
    assert not merkle.verify_consistency(new, now, old, was, path) or old == new
    if 0 < old < new:
        assert not merkle.verify_consistency(old, bytes(32), new, now, path)
        assert not merkle.verify_consistency(old, was, new, bytes(32), path)
        assert not merkle.verify_consistency(old, was, new, now, path[:-1])
        assert not merkle.verify_consistency(old, was, new, now, [*path, now])


def test_what_a_tree_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="no leaf 8"):
        merkle.inclusion_proof(reader(HASHES), 8, 8)
    with pytest.raises(ValueError, match="cannot begin"):
        merkle.consistency_proof(reader(HASHES), 8, 7)
    assert not merkle.verify_inclusion(HASHES[0], -1, 8, [], HASHES[0])
    assert not merkle.verify_inclusion(HASHES[0], 0, 0, [], HASHES[0])
