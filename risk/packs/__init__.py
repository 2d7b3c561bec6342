"""Packs: event types, definitions, rules, lists and knowledge of one domain, installed together.

A pack is data. ``pack`` says what it may hold, ``folder`` reads one from files, ``shipped/`` has those of the product.
"""
