"""Cases of a schema: what can be broken, how a payload is decided, each keyword at its edge, and coverage."""
