"""Checkpoints and signed notes: the published note of Go's sumdb, and what must not pass for one."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from risk.audit.checkpoint import Checkpoint, Note, VerifierKey, open_checkpoint, proof_text
from risk.domain.errors import InvalidInput

# golang.org/x/mod/sumdb/note, its example.
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
NOTE = (
    f"{TEXT}\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# The example of C2SP tlog-checkpoint.
CHECKPOINT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
SIGNATURE = "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8="


class Key:
    """A private key in memory."""

    def __init__(self, seed: bytes = bytes(32)) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    def public_key(self) -> bytes:
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


def signed(seed: bytes = bytes(32), **changes: object) -> tuple[Note, VerifierKey]:
    values = {"origin": "risk.example/log", "size": 3, "root": bytes(range(32))} | changes
    found = Checkpoint(**values)  # type: ignore[arg-type]
    return found.sign(Key(seed)), VerifierKey("risk.example/log", Key(seed).public_key())


def test_the_published_note_verifies_and_is_written_the_same() -> None:
    key = VerifierKey.parse(KEY)
    assert (str(key), key.id.hex(), key.public) == (KEY, "c74f20a3", Key(SEED).public_key())
    note = Note.parse(NOTE)
    note.verify(key)
    assert (note.text, str(note)) == (TEXT, NOTE)
    assert str(Note(TEXT, ((key.name, key.id, Key(SEED).sign(TEXT.encode())),))) == NOTE


def test_the_published_checkpoint_is_read_and_written_the_same() -> None:
    note = Note.parse(f"{CHECKPOINT}\n— example.com/behind-the-sofa {SIGNATURE}\n")
    found = Checkpoint.parse(note.text)
    assert (found.origin, found.size, len(found.root)) == ("example.com/behind-the-sofa", 20852163, 32)
    assert str(found) == CHECKPOINT


def test_what_is_signed_opens_with_its_key_and_no_other() -> None:
    note, key = signed(extensions=("more",))
    assert open_checkpoint(str(note), key) == Checkpoint("risk.example/log", 3, bytes(range(32)), ("more",))
    other = VerifierKey("risk.example/log", Key(b"1" * 32).public_key())
    with pytest.raises(InvalidInput, match="not signed by"):
        open_checkpoint(str(note), other)
    with pytest.raises(InvalidInput, match="one of them was changed"):
        open_checkpoint(str(note).replace("\n3\n", "\n4\n"), key)
    forged = Note(note.text, ((key.name, key.id, Key(b"1" * 32).sign(note.text.encode())),))
    with pytest.raises(InvalidInput, match="one of them was changed"):
        open_checkpoint(str(forged), key)


def test_a_checkpoint_of_another_log_is_refused_and_cosignatures_are_ignored() -> None:
    note, key = signed(origin="other.example/log")
    mine = Note(note.text, ((key.name, key.id, Key().sign(note.text.encode())), *note.signatures))
    with pytest.raises(InvalidInput, match=r"of other\.example/log"):
        open_checkpoint(str(mine), key)
    note, key = signed()
    witnessed = Note(note.text, (("witness.example", b"1234", bytes(72)), *note.signatures))
    assert open_checkpoint(str(witnessed), key).size == 3


@pytest.mark.parametrize(
    "key",
    ["", "a+b", KEY.replace("c74f20a3", "c74f20a4"), KEY[:-4], KEY.replace("+ARp", "+AhP"), KEY.replace("Peter", "P ")],
)
def test_a_verifier_key_that_was_cut_or_mistyped_is_refused(key: str) -> None:
    with pytest.raises(InvalidInput):
        VerifierKey.parse(key)


@pytest.mark.parametrize(
    "note",
    [
        "",
        TEXT,
        NOTE.rstrip("\n"),
        NOTE.replace("— ", "-- "),
        NOTE.replace("x08go", "x08g"),
        NOTE.replace("PeterNeumann ", "Peter+Neumann "),
        NOTE.replace("think", "th\x07nk"),
        f"{TEXT}\n— PeterNeumann AAAA\n",
    ],
)
def test_what_is_no_signed_note_is_refused(note: str) -> None:
    with pytest.raises(InvalidInput):
        Note.parse(note)


@pytest.mark.parametrize(
    "text",
    [
        CHECKPOINT.replace("20852163", "020852163"),
        CHECKPOINT.replace("20852163", "-1"),
        CHECKPOINT.replace("20852163", "1" * 20),
        CHECKPOINT.replace("CsUY", ""),
        CHECKPOINT.replace("example.com/behind-the-sofa", ""),
        CHECKPOINT.rstrip("\n"),
        f"{CHECKPOINT}\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        Checkpoint.parse(text)


def test_a_proof_carries_its_checkpoint_and_is_small() -> None:
    note, _ = signed()
    text = proof_text(999_999, [bytes(32)] * 20, str(note))
    head, _, rest = text.partition("\n\n")
    assert head.splitlines()[:2] == ["c2sp.org/tlog-proof@v1", "index 999999"]
    assert rest == str(note)
    assert len(text.encode()) < 2_000
