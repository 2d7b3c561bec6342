"""Findings of cdk-nag that are accepted, each with its reason."""

from __future__ import annotations

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def accept(construct: IConstruct, rule: str, reason: str) -> None:
    """Accept a finding of cdk-nag on a construct and what is under it, saying why."""
    Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=reason))
