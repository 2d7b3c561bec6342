"""Explanations: the context of an assessment, the evidence drawn from it, and the sentences that cite it.

``statements`` are what a language model may choose from; ``retrieval`` searches the knowledge base. Imports
``risk.alerts``, ``risk.rules``, ``risk.reason_text`` and below; does no input or output.
"""
