"""Explanations of assessments, by template or by a language model."""
