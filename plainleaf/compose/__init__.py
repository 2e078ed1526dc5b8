"""Stage 5, compose: sections become the HTML of a sheet."""
