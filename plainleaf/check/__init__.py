"""Stage 4, check: what is wrong between the files, and what the gates refuse."""
