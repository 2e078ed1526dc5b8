"""Tests of plainleaf/compose/."""
