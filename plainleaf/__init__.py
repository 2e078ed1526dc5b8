"""Plainleaf turns one set of Markdown pages into a website for patients and sheets for clinics."""

__version__ = "0.2.0"
