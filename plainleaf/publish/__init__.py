"""Stage 7, publish: pages and sheets become the site."""
