"""Reasons in words: a feature's value as a clause, and money, numbers and times formatted for people.

Imports ``risk.features`` and below.
"""
