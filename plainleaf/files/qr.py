"""QR codes: the address of a page as a telephone's camera reads it, printed beside the words."""

from __future__ import annotations

from functools import cache

import segno


@cache
def qr_code(address: str) -> str:
    """Give the code of an address as a data address, without the white that must surround it.

    Level M still reads with a seventh of it lost to a crease or a stain (ISO/IEC 18004).
    """
    code = segno.make_qr(address, error="m", boost_error=False)
    return code.svg_data_uri(border=0, omitsize=True, xmldecl=False, nl=False)
