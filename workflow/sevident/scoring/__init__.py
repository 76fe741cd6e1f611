"""Identity, purity and verdict: how much a sample looks like small EVs, and how much else is in it."""
