"""The study in the formats of other tools: a module per format, each a pure function of the study."""
