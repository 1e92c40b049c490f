"""Many runs: shards of draws, their parts on disk, and what computes them, with the same numbers anywhere."""
