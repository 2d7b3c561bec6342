"""The inputs of explanations (context, knowledge base), and the explanations given."""
