"""Explanations: the context of an assessment, the evidence drawn from it, and the sentences that cite it.

``grounding`` checks what a language model writes; ``retrieval`` searches the knowledge base. Imports ``risk.alerts``,
``risk.rules``, ``risk.reason_text`` and below; does no input or output.
"""
