"""Tests of plainleaf/proof/."""
