"""sEVident: is this really a small-EV preparation? Evidence, purity and composition from proteomics search results."""

__version__ = "0.1.0"
