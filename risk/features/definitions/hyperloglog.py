"""How many different values there were, in 512 bytes: HyperLogLog.

P. Flajolet, É. Fusy, O. Gandouet, F. Meunier, "HyperLogLog: the analysis of a near-optimal cardinality estimation
algorithm" (2007), with linear counting for small numbers. The standard error is ``1.04 / √512``, 4.6 %.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

REGISTERS = 512
STANDARD_ERROR = 1.04 / math.sqrt(REGISTERS)
_INDEX_BITS, _DIGEST_BITS = 9, 32
_RANK_BITS = _DIGEST_BITS - _INDEX_BITS
_ALPHA = 0.7213 / (1 + 1.079 / REGISTERS)
_POWERS = [2.0**-rank for rank in range(_RANK_BITS + 2)]


@lru_cache(maxsize=1 << 16)
def digest(text: str) -> int:
    """32 bits of a hash of ``text``, the same in every process."""
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest())


def empty() -> bytearray:
    """The registers of no values."""
    return bytearray(REGISTERS)


def add(registers: bytearray, value: int) -> None:
    """Count one more ``value``, given as its ``digest``."""
    index = value >> _RANK_BITS
    rank = _RANK_BITS - (value & ((1 << _RANK_BITS) - 1)).bit_length() + 1
    registers[index] = max(registers[index], rank)


def union(sketches: Iterable[bytes | bytearray]) -> bytearray:
    """The registers of all the values of ``sketches`` together."""
    merged = empty()
    for sketch in sketches:
        merged = bytearray(map(max, merged, sketch))
    return merged


def estimate(registers: bytes | bytearray) -> float:
    """How many different values were counted, about."""
    found = _ALPHA * REGISTERS**2 / sum(map(_POWERS.__getitem__, registers))
    unused = registers.count(0)
    if found <= 2.5 * REGISTERS and unused:
        found = REGISTERS * math.log(REGISTERS / unused)
    return float(round(found))
