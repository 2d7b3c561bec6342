"""Keys that sign audit checkpoints: in AWS KMS, which never releases them, or in a file."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

import boto3
from botocore.config import Config
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
)

from risk.audit.checkpoint import Signer, VerifierKey
from risk.config.settings import AuditSettings
from risk.domain.errors import InvalidInput

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


class FileSigner:
    """A private key in a PEM file (PKCS#8) that only its owner can read."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def load(cls, path: Path) -> Self:
        """The key in ``path``; ``InvalidInput`` if there is none."""
        try:
            key = load_pem_private_key(path.read_bytes(), password=None)
        except (OSError, ValueError, TypeError) as error:
            raise InvalidInput(f"{path} holds no private key that can be read: {error}") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise InvalidInput(f"the key in {path} is not of the type Ed25519")
        return cls(key)

    @classmethod
    def ensure(cls, path: Path) -> Self:
        """The key in ``path``, created first if the file does not exist."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            draft = path.with_name(f".{path.name}.{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_bytes(pem)
            draft.rename(path)
        return cls.load(path)

    def public_key(self) -> bytes:
        """The 32 bytes of the public key."""
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, message: bytes) -> bytes:
        """The signature of ``message``."""
        return self._key.sign(message)


class KmsSigner:
    """An asymmetric AWS KMS key of the spec ECC_NIST_EDWARDS25519."""

    def __init__(self, key_id: str) -> None:
        self._key_id = key_id

    @cached_property
    def _client(self) -> KMSClient:
        return boto3.client(
            "kms", config=Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "max_attempts": 3})
        )

    @cached_property
    def _public(self) -> bytes:
        key = load_der_public_key(self._client.get_public_key(KeyId=self._key_id)["PublicKey"])
        if not isinstance(key, Ed25519PublicKey):
            raise InvalidInput("the KMS key is not of the spec ECC_NIST_EDWARDS25519", field="AUDIT_KEY_ID")
        return key.public_bytes(Encoding.Raw, PublicFormat.Raw)

    def public_key(self) -> bytes:
        """The 32 bytes of the public key."""
        return self._public

    def sign(self, message: bytes) -> bytes:
        """The signature of ``message``, at most 4,096 bytes of it. Pure Ed25519 takes the message itself: RAW."""
        answer = self._client.sign(
            KeyId=self._key_id, Message=message, MessageType="RAW", SigningAlgorithm="ED25519_SHA_512"
        )
        return answer["Signature"]


def signer(settings: AuditSettings) -> Signer:
    """The signer that the settings name; ``InvalidInput`` if they name none."""
    if settings.audit_key_id:
        return KmsSigner(settings.audit_key_id)
    if settings.audit_key_file:
        return FileSigner.load(Path(settings.audit_key_file))
    raise InvalidInput("no key is configured; set AUDIT_KEY_ID or AUDIT_KEY_FILE", field="AUDIT_KEY_ID")


def verifier_key(settings: AuditSettings) -> VerifierKey:
    """The public key that verifies this log's checkpoints."""
    return VerifierKey(settings.audit_origin, signer(settings).public_key())


def earlier_keys(settings: AuditSettings) -> list[VerifierKey]:
    """The public keys that verified this log's checkpoints before the current one."""
    return [VerifierKey.parse(text) for text in settings.audit_earlier_keys.split()]
