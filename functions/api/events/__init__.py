"""Events sent to the engine."""
