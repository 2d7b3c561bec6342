"""The Merkle tree of RFC 6962 (section 2.1) over SHA-256: roots, and proofs of inclusion and consistency.

Hashes are read through a function, so that a tree of millions need not be in memory: complete subtrees of
256, 65,536 and 16,777,216 leaves (levels 8, 16, 24) are stored once they are known, and any hash of the
tree follows from a few hundred of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

HASH_BYTES = 32
EMPTY = hashlib.sha256(b"").digest()
TILE_LEVELS = 8
TILE = 1 << TILE_LEVELS
"""How many hashes of one stored level make one of the next."""

Read = Callable[[int, int, int], Sequence[bytes]]
"""``read(level, first, count)``: the hashes of ``count`` complete subtrees of ``2**level`` leaves each, from the
one with index ``first`` on. Level 0 are the leaf hashes; only levels that are multiples of 8 are asked for."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf with this content."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def level_above(hashes: Sequence[bytes]) -> list[bytes]:
    """The parents of an even number of adjacent nodes."""
    sha256 = hashlib.sha256
    pairs = zip(hashes[::2], hashes[1::2], strict=True)
    return [sha256(b"\x01" + left + right).digest() for left, right in pairs]


def complete_root(hashes: Sequence[bytes]) -> bytes:
    """The root over a power of two of adjacent nodes."""
    while len(hashes) > 1:
        hashes = level_above(hashes)
    return hashes[0]


def tiles(hashes: Sequence[bytes]) -> list[bytes]:
    """The roots of each full group of 256 ``hashes``, without the remainder."""
    return [complete_root(hashes[start : start + TILE]) for start in range(0, len(hashes) - TILE + 1, TILE)]


def _split(size: int) -> int:
    """The largest power of two below ``size`` (2 or more)."""
    return 1 << ((size - 1).bit_length() - 1)


def subtree(read: Read, start: int, end: int) -> bytes:
    """The root over leaves ``start`` (included) to ``end`` (excluded), where RFC 6962 has such a node."""
    count = end - start
    if count == 0:
        return EMPTY
    if count & (count - 1) == 0:
        level = (count.bit_length() - 1) // TILE_LEVELS * TILE_LEVELS
        return complete_root(read(level, start >> level, count >> level))
    if count < TILE:
        return root_of(read(0, start, count))
    middle = start + _split(count)
    return node_hash(subtree(read, start, middle), subtree(read, middle, end))


def root(read: Read, size: int) -> bytes:
    """The root of the tree of the first ``size`` leaves."""
    return subtree(read, 0, size)


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes in memory."""
    frontier = Frontier()
    frontier.extend(hashes)
    return frontier.root()


def inclusion_proof(read: Read, index: int, size: int) -> list[bytes]:
    """The audit path of leaf ``index`` (from 0) in the tree of ``size`` leaves, siblings first."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} has no leaf {index}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(subtree(read, middle, end))
            end = middle
        else:
            path.append(subtree(read, start, middle))
            start = middle
    return path[::-1]


def consistency_proof(read: Read, old: int, new: int) -> list[bytes]:
    """The proof that the tree of ``new`` leaves begins with the tree of ``old`` leaves."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} cannot begin with one of {old}")
    if old in (0, new):
        return []
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(subtree(read, middle, end))
            end = middle
        else:
            path.append(subtree(read, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(subtree(read, start, end))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether ``proof`` shows that the tree of ``size`` leaves with ``root`` has ``leaf`` at ``index``."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether ``proof`` shows that the tree of ``new`` leaves begins with the tree of ``old`` leaves."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY
    steps = [*proof]
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    was = now = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            was, now = node_hash(step, was), node_hash(step, now)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            now = node_hash(now, step)
        place, last = place >> 1, last >> 1
    return last == 0 and was == old_root and now == new_root


class Frontier:
    """The root of a growing tree; keeps only the hash of each complete subtree at its right edge."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes] = []

    def extend(self, hashes: Iterable[bytes]) -> None:
        """Append leaves by their hashes."""
        edge, size, sha256 = self._edge, self.size, hashlib.sha256
        for found in hashes:
            size += 1
            node, carry = found, size
            while not carry & 1:
                node = sha256(b"\x01" + edge.pop() + node).digest()
                carry >>= 1
            edge.append(node)
        self.size = size

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._edge:
            return EMPTY
        found = self._edge[-1]
        for node in self._edge[-2::-1]:
            found = node_hash(node, found)
        return found
