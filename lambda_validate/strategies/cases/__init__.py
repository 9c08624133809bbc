"""Cases of a schema: which keywords a payload breaks, cases at the edge of each keyword, and coverage."""
