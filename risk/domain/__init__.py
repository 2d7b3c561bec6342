"""The contracts that everything shares: events, labels, assessments, levels, permissions and errors.

Imports nothing else of the project.
"""
