"""The report page: one self-contained HTML file with every verdict, its reasons, its numbers and what is not known."""
