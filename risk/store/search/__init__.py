"""Search over events, alerts, entities, rules, lists and users."""
