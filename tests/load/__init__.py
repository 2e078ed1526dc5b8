"""Tests of plainleaf/load/."""
