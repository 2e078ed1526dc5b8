"""What the tests of printed sheets share."""

from __future__ import annotations

import pytest

from tests.sheet_text import Case, Sheet


@pytest.fixture
def sheet(request: pytest.FixtureRequest) -> Sheet:
    """Give the sheet of a case, from the project that holds it."""
    case: Case = request.param
    return Sheet(case, request.getfixturevalue(f"{case.source}_project"))
