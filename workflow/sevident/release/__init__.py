"""Release: what the scores, the marker profiles and the user's own measurements say against a specification."""
