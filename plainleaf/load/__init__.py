"""Stage 2, load: handouts/ and clinics/ become handouts, clinics and what was issued."""
