"""The clinics of the zoo: each is what a clinic.yml says; logos are drawn in logos.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tests.zoo.logos import LOGOS

LONG = (
    "The Harbour and Hinterland Musculoskeletal, Sports Medicine and Persistent Pain Partnership "
    "of O'Sullivan & Müller"
)
SIX_LINES = [
    "First Floor, The Old Grain Store",
    "14b Father Mathew Quay",
    "Saint Finbarr's Business and Technology Park",
    "Cork",
    "County Cork",
    "T12 XK45",
]

ZOO: dict[str, dict[str, Any]] = {
    # A name of 4 letters, NHS 111, a wide wordmark.
    "lind": {
        "name": "Lind",
        "address": ["1 Quay"],
        "country": "GB",
        "emergency_phone": "999",
        "daytime_phone": "01632 960123",
        "out_of_hours_phone": "111",
        "logo": "wide-palette.png",
    },
    # A name of 110 letters, six lines, extensions.
    "cork": {
        "name": LONG,
        "address": SIX_LINES,
        "country": "IE",
        "emergency_phone": "112",
        "daytime_phone": "021 427 0123 ext. 214",
        "out_of_hours_phone": "021 427 0123 ext. 9",
        "logo": "wide-alpha.png",
        "accent": "#7a1f5c",
    },
    # One long word, a direct line of 12 digits, the doctor on call for all of Germany.
    "berlin": {
        "name": "Schmerztherapiezentrum Bindegewebserkrankungen",
        "address": ["Straße des 17. Juni 135", "Haus B, 2. Obergeschoss links", "10623 Berlin"],
        "country": "DE",
        "emergency_phone": "112",
        "daytime_phone": "030 23125 1234567",
        "out_of_hours_phone": "116117",
        "logo": "tall-cmyk.jpg",
    },
    # A border clinic: the numbers of another country.
    "border": {
        "name": "Musculoskeletal Clinic Drumcliff",
        "address": ["Main Street", "Blacklion", "County Cavan"],
        "country": "IE",
        "emergency_phone": "999",
        "daytime_phone": "+44 28 9018 0123",
        "out_of_hours_phone": "+44 28 9018 0124 ext 77",
        "logo": "logó.svg",
    },
    # Freephone, black as a brand colour.
    "perth": {
        "name": "Swan River Nerve & Pain",
        "address": ["Suite #4, 12 Hay Street", "Perth WA 6000"],
        "country": "AU",
        "emergency_phone": "000",
        "daytime_phone": "(08) 5550 1234 ext 5",
        "out_of_hours_phone": "1800 022 222",
        "accent": "#000000",
        "logo": "square.svg",
    },
    # Nobody at night, a pale brand colour, a photo of 4,000 dots that lies on its side.
    "new-york": {
        "name": "Hudson Yards Pain",
        "address": ["500 West 33rd Street, Suite 1250", "New York, NY 10001"],
        "country": "US",
        "emergency_phone": "911",
        "daytime_phone": "(212) 555-0123 ext. 12",
        "out_of_hours_phone": "none",
        "accent": "#ffd24d",
        "logo": "turned.JPG",
    },
    "aotearoa": {
        "name": "Te Whare Hauora o Kōwhai",
        "address": ["12 Ōtāhuhu Road", "Tāmaki Makaurau 1062"],
        "country": "NZ",
        "emergency_phone": "111",
        "daytime_phone": "09 276 5000",
        "out_of_hours_phone": "0800 611 116",
        "logo": "sixteen-bit.png",
    },
    # A4 alone, no logo.
    "lodz": {
        "name": "Przychodnia Żółwiańska Łódź",
        "address": ["ul. Świętojańska 5", "90-001 Łódź"],
        "country": "PL",
        "emergency_phone": "112",
        "daytime_phone": "42 636 12 34",
        "out_of_hours_phone": "+48 800 190 590",
        "papers": ["a4"],
    },
    "istanbul": {
        "name": "İstanbul Ağrı Kliniği",
        "address": ["Bağdat Caddesi No: 12", "34710 Kadıköy, İstanbul"],
        "country": "TR",
        "emergency_phone": "112",
        "daytime_phone": "0212 555 01 23",
        "out_of_hours_phone": "0532 123 45 67",
        "logo": "interlaced.png",
    },
    "ha-noi": {
        "name": "Phòng khám Nguyễn Thị Hạnh",
        "address": ["78 Giải Phóng, Phường Phương Mai", "Đống Đa, Hà Nội"],
        "country": "VN",
        "emergency_phone": "115",
        "daytime_phone": "024 3869 3731",
        "out_of_hours_phone": "0912 345 678",
        "logo": "grey-alpha.png",
    },
    "athens": {
        "name": "Κλινική Πόνου Αθηνών",
        "address": ["Λεωφόρος Βασιλίσσης Σοφίας 80", "115 28 Αθήνα"],
        "country": "GR",
        "emergency_phone": "166",
        "daytime_phone": "21 0745 6000",
        "out_of_hours_phone": "694 123 4567",
        "logo": "moving.gif",
    },
    "kyiv": {
        "name": "Клініка болю «Здоров'я»",
        "address": ["вул. Хрещатик, 22", "Київ 01001"],
        "country": "UA",
        "emergency_phone": "103",
        "daytime_phone": "044 278 1234",
        "out_of_hours_phone": "067 123 4567",
        "logo": "wide.webp",
    },
    "pwllheli": {
        "name": "Meddygfa Tŷ Dŵr Llŷn",
        "address": ["Stryd Fawr", "Pwllheli", "Gwynedd", "LL53 5RT"],
        "country": "GB",
        "emergency_phone": "999",
        "daytime_phone": "01758 701 457",
        "out_of_hours_phone": "0300 123 5566",
        "logo": "one bit.PNG",
    },
    "lulea": {
        "name": "Smärtkliniken Luleå",
        "address": ["Storgatan 1", "972 38 Luleå"],
        "country": "SE",
        "emergency_phone": "112",
        "daytime_phone": "0920-28 20 00",
        "out_of_hours_phone": "1177",
        "logo": "profile.jpeg",
        "accent": "#101010",
    },
    "toronto": {
        "name": "Don Valley Physiotherapy & Pain",
        "address": ["1 Valley Brook Dr", "Toronto ON M3B 2S7"],
        "country": "CA",
        "emergency_phone": "911",
        "daytime_phone": "416-555-0199 x4021",
        "out_of_hours_phone": "811",
    },
}
# Together they bear each trait once: what the tests of every day look at.
FEW = ("cork", "berlin", "new-york", "ha-noi")


def let_in(project: Path, names: tuple[str, ...] = tuple(ZOO)) -> None:
    """Put clinics of the zoo, with their logos, into a project."""
    for slug in names:
        folder = project / "clinics" / slug
        folder.mkdir(parents=True)
        told = yaml.safe_dump(ZOO[slug], allow_unicode=True, sort_keys=False)
        (folder / "clinic.yml").write_text(told, "utf-8")
        if logo := ZOO[slug].get("logo"):
            (folder / logo).write_bytes(LOGOS[logo]())
