"""Claims: statements about a case, each with a test declared in advance, and their verdicts."""
