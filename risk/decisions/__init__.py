"""Decisions: the policy that makes approve, challenge, review or decline of an assessment, and its preview.

A decision never changes a score or a level.
"""
