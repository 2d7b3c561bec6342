"""Search over everything that has a name: events, alerts, entities, rules, lists, users."""
