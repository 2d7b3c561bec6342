"""Explanations by a language model: asked within a budget, checked sentence by sentence, never required."""
