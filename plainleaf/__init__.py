"""Plainleaf turns one set of Markdown pages into a website for patients and sheets for clinics."""
