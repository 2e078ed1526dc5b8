"""Stage 6, typeset: the HTML of a sheet becomes its PDF."""
