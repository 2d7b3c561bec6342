"""Signed checkpoints of the log: C2SP tlog-checkpoint in C2SP signed notes, by Ed25519.

https://c2sp.org/signed-note and https://c2sp.org/tlog-checkpoint say what each line is. What is written here
can be read by any tool that knows these formats, and proofs are in the one of https://c2sp.org/tlog-proof.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from risk.audit.merkle import HASH_BYTES
from risk.domain.errors import InvalidInput

ED25519 = b"\x01"
KEY_BYTES = 32
_SIGNATURE_BYTES = 64
_MAX_BYTES = 1 << 20
_MAX_SIGNATURES = 100
_DASH = "\N{EM DASH} "
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class Signer(Protocol):
    """Holds a private key, or asks who does."""

    def public_key(self) -> bytes:
        """The 32 bytes of the Ed25519 public key."""

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature (Ed25519, over the message itself)."""


def _check_name(name: str) -> str:
    if not name or "+" in name or any(character.isspace() for character in name) or _CONTROL.search(name):
        raise InvalidInput(f"{name!r} cannot name a key: no spaces, no plus")
    return name


def _decode(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise InvalidInput(f"the {what} is not base64") from error


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


@dataclass(frozen=True)
class VerifierKey:
    """A public key and the name it signs under, written ``name+hash+base64``."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.public) != KEY_BYTES:
            raise InvalidInput(f"an Ed25519 public key has {KEY_BYTES} bytes, not {len(self.public)}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key in ``text``; ``InvalidInput`` unless it is one, with the hash that belongs to it."""
        parts = text.strip().split("+", 2)
        if len(parts) != 3:
            raise InvalidInput("this is not a verifier key: it has the form name+hash+base64")
        name, digest, encoded = parts
        data = _decode(encoded, "verifier key")
        if data[:1] != ED25519:
            raise InvalidInput("this verifier key is not of the type Ed25519")
        key = cls(name, data[1:])
        if digest != key.id.hex():
            raise InvalidInput(f"the hash of this verifier key is {key.id.hex()}, not {digest}: was it cut?")
        return key

    @property
    def id(self) -> bytes:
        """The four bytes by which signatures name the key."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_encode(ED25519 + self.public)}"

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether ``signature`` over ``message`` is of this key."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class Note:
    """A text, and the signatures under it: name of the key, its id, signature."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    @classmethod
    def parse(cls, note: str) -> Self:
        """Take a signed note apart; ``InvalidInput`` unless it is one. Nothing is verified yet."""
        if len(note.encode()) > _MAX_BYTES or _CONTROL.search(note):
            raise InvalidInput("this is not a signed note: it is too long, or has control characters")
        text, blank, rest = note.rpartition("\n\n")
        lines = rest.split("\n")
        if not blank or lines.pop() or not 1 <= len(lines) <= _MAX_SIGNATURES:
            raise InvalidInput("this is not a signed note: a text, a blank line, then lines of signatures")
        return cls(text + "\n", tuple(map(cls._signature, lines)))

    @staticmethod
    def _signature(line: str) -> tuple[str, bytes, bytes]:
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        data = _decode(encoded, "signature")
        if not line.startswith(_DASH) or len(data) < 5:
            raise InvalidInput(f"this is no line of a signature: {line[:80]!r}")
        return _check_name(name), data[:4], data[4:]

    def names(self, key: VerifierKey) -> bool:
        """Whether there is a signature that says it is of ``key``."""
        return any((name, digest) == (key.name, key.id) for name, digest, _ in self.signatures)

    def verify(self, key: VerifierKey) -> None:
        """Raise ``InvalidInput`` unless ``key`` signed this; signatures of others are ignored."""
        if not self.names(key):
            signers = ", ".join(f"{name}+{digest.hex()}" for name, digest, _ in self.signatures)
            raise InvalidInput(f"it is not signed by {key.name}+{key.id.hex()}, but by {signers}")
        for name, digest, signature in self.signatures:
            mine = (name, digest) == (key.name, key.id)
            if mine and not (len(signature) == _SIGNATURE_BYTES and key.verifies(self.text.encode(), signature)):
                raise InvalidInput(f"the signature of {key.name} is not of this text: one of them was changed")

    def __str__(self) -> str:
        lines = [f"{_DASH}{name} {_encode(digest + signature)}\n" for name, digest, signature in self.signatures]
        return f"{self.text}\n{''.join(lines)}"


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log: which log, how many records, and the root over them."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of a checkpoint; ``InvalidInput`` unless it is one."""
        *lines, end = text.split("\n")
        if end or len(lines) < 3 or not all(lines):
            raise InvalidInput("this is not a checkpoint: its lines are origin, size, root")
        origin, size, encoded, *extensions = lines
        root = _decode(encoded, "root")
        if not _SIZE.fullmatch(size) or len(root) != HASH_BYTES:
            raise InvalidInput("this is not a checkpoint: its size or its root is malformed")
        return cls(origin, int(size), root, tuple(extensions))

    def __str__(self) -> str:
        return "".join(f"{line}\n" for line in (self.origin, self.size, _encode(self.root), *self.extensions))

    def sign(self, signer: Signer) -> Note:
        """This checkpoint, signed under the name of its origin."""
        key, text = VerifierKey(self.origin, signer.public_key()), str(self)
        return Note(text, ((key.name, key.id, signer.sign(text.encode())),))


def open_checkpoint(note: str, key: VerifierKey) -> Checkpoint:
    """The checkpoint in a note that ``key`` signed; ``InvalidInput`` if it did not, or for another log."""
    parsed = Note.parse(note)
    parsed.verify(key)
    found = Checkpoint.parse(parsed.text)
    if found.origin != key.name:
        raise InvalidInput(f"this is a checkpoint of {found.origin}, not of {key.name}")
    return found


def proof_text(index: int, path: Sequence[bytes], note: str) -> str:
    """A proof that can be verified by itself: C2SP tlog-proof, with the checkpoint inside."""
    hashes = "".join(f"{_encode(step)}\n" for step in path)
    return f"c2sp.org/tlog-proof@v1\nindex {index}\n{hashes}\n{note}"
