"""Invented installations to train the shipped model on, each with customs of its own.

What a model learns in one world carries over badly, so no two are alike: which fields are sent, how stable devices and
addresses are, who the customers are, how fraudsters go about it. Pure: the same seed always gives the same events.
"""
