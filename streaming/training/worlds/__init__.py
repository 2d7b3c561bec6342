"""Simulated installations to train the shipped model on, each different.

A model of one world transfers badly, so no two are alike: which fields are sent, how stable devices and
addresses are, who the customers are, how fraudsters act. Pure: the same seed always gives the same events.
"""
