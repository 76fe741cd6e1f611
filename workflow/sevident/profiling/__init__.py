"""From the composition of samples to marker panels and compartments: pure functions on tables.

``composition`` holds the abundance table as matrices, ``absence`` says what it means that a marker was not seen,
``markers`` measures each panel member, ``families`` each panel, ``compartments`` shares the sample out among the
places proteins come from.
"""
