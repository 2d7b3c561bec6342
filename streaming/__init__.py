"""The long-lived container: events in, assessments out."""
