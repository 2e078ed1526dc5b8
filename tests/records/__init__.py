"""Tests of plainleaf/records/."""
