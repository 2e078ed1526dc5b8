"""Tests of plainleaf/html/."""
