"""What explanations read (context, knowledge base) and the explanations that were given."""
