"""Tests of plainleaf/typeset/."""
