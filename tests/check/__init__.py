"""Tests of plainleaf/check/."""
