"""Telephone numbers: read as people write them, printed as people of the country do."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import (
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    ShortNumberCost,
    ValidationResult,
    normalize_digits_only,
    shortnumberinfo,
)

from plainleaf.model import Phone

# What stands before an extension, beside what phonenumbers knows (ext., x, #, int., anexo).
_EXTENSION = re.compile(
    r"\s*\b(poste|durchwahl|dw|apparat|app|nebenstelle|klappe|toestel|tst|interno|ramal|wew"
    r"|dahili|linka|lokal|anknytning|ankn)\b[.:]*",
    re.IGNORECASE,
)
# A number starts with a digit, a + or a bracket: phonenumbers would pass over words before it.
_START = re.compile(r"[\d+(]")
# A short code, such as 111 or 116 117: digits, maybe parted.
_SHORT = re.compile(r"\d([ .-]?\d){1,6}")
_COMMON_EMERGENCY_NUMBERS = ("112", "911", "999", "000", "111", "110", "119", "15", "118", "144")


def is_country(code: str) -> bool:
    """Tell whether telephone numbers of a country are known, by its code of two letters."""
    return code in phonenumbers.SUPPORTED_REGIONS


def phone_of(written: str, country: str) -> Phone | None:
    """Read a telephone number of a clinic in a country; None if it is none.

    It may be abroad, free of charge, of a mobile, with an extension, or a short code of the country
    that costs no more than a call (NHS 111, 116117). It has as many digits as numbers of its
    country; whether that one is given out, is_given_out tells.
    """
    written = normalize_digits_only(written, keep_non_digits=True)
    digits = normalize_digits_only(written)
    if _SHORT.fullmatch(written) and _is_short_code(digits, country):
        return Phone(written, link=f"tel:{digits}")
    if not _START.match(written):
        return None
    try:
        number = phonenumbers.parse(_EXTENSION.sub(" ext. ", written), country)
    except phonenumbers.NumberParseException:
        return None
    return _printed(number, country) if _is_whole(number) else None


def is_given_out(phone: Phone) -> bool:
    """Tell whether a number is of a range that its country is known to have given out.

    New ranges are not known at once, so a clinic may have one that is not.
    """
    number = phone.link.removeprefix("tel:")
    if not number.startswith("+"):
        return True  # a short code, which was looked up
    return phonenumbers.is_valid_number(phonenumbers.parse(number))


def emergency_phone_of(written: str, country: str) -> Phone | None:
    """Read the number that calls an ambulance in a country; None if it is not one there.

    A spreadsheet makes 0 of 000, which calls one in Australia. Of a country whose numbers are not
    known, any of two to four digits is taken.
    """
    written = normalize_digits_only(written, keep_non_digits=True)
    digits = normalize_digits_only(written)
    if not re.fullmatch(r"\d([ .-]?\d){0,5}", written):
        return None
    for number in (digits, digits.zfill(3)):
        if shortnumberinfo.is_emergency_number(number, country):
            return Phone(number, link=f"tel:{number}")
    is_likely = 2 <= len(digits) <= 4
    if is_likely and not any(
        shortnumberinfo.is_emergency_number(str(number), country) for number in range(10, 2000)
    ):
        return Phone(digits, link=f"tel:{digits}")
    return None


def known_emergency_numbers(country: str) -> list[str]:
    """Give the numbers that call help in a country, of those that are common in the world."""
    return [
        number
        for number in _COMMON_EMERGENCY_NUMBERS
        if shortnumberinfo.is_emergency_number(number, country)
    ]


def _is_short_code(digits: str, country: str) -> bool:
    number = PhoneNumber(
        country_code=phonenumbers.country_code_for_region(country), national_number=int(digits)
    )
    return (
        not digits.startswith("0")
        and shortnumberinfo.is_valid_short_number_for_region(number, country)
        and shortnumberinfo.expected_cost_for_region(number, country)
        != ShortNumberCost.PREMIUM_RATE
    )


def _is_whole(number: PhoneNumber) -> bool:
    """Tell whether a number is given out, or has as many digits as those of lines and mobiles."""
    return phonenumbers.is_valid_number(number) or any(
        phonenumbers.is_possible_number_for_type_with_reason(number, kind)
        == ValidationResult.IS_POSSIBLE
        for kind in (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE)
    )


def _printed(number: PhoneNumber, country: str) -> Phone:
    """Give a number as it is dialled in a country, its extension apart."""
    home = number.country_code == phonenumbers.country_code_for_region(country)
    style = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    whole = phonenumbers.format_number(number, style)
    link = phonenumbers.format_number(number, PhoneNumberFormat.RFC3966)
    number.extension = None
    alone = phonenumbers.format_number(number, style)
    return Phone(alone, whole.removeprefix(alone).strip(), link)
