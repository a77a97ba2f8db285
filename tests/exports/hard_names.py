"""Forty names that certificates have gone wrong with: each with the font that should set it, and the way it runs."""

from __future__ import annotations

from typing import NamedTuple

from tests.exports.drawn_names import LINE_HEIGHT

PLAIN = "SourceSans3-Regular.ttf"
ARABIC = "NotoNaskhArabic-Regular.ttf"
HEBREW = "NotoSansHebrew-Regular.ttf"


class HardName(NamedTuple):
    name: str
    font: str = PLAIN
    direction: str = "ltr"
    line_height: float = LINE_HEIGHT

    def __str__(self) -> str:
        return self.name[:24]


#: They stand on one line.
SHORT = (
    HardName("Aino Öhman"),
    HardName("Áŋŋel Eŋŋa Šoŋ"),
    HardName("Ánne Márjjá Guhttor"),
    HardName("Iŋgá Ŧuŋŋo-Đuođđár"),
    HardName("Ǩiõrǥǥ Ǩeässmuʹvddem", "NotoSans-Regular.ttf"),
    HardName("Łukasz Žižek-Đorđević"),
    HardName("Żółć Gęślą Jaźń"),
    HardName("Ģirts Ķeņģis"),
    HardName("Ŵyn Ŷnyr Llŷr"),
    HardName("Þórður Æðelstan"),
    HardName("Şükrü Çağlayan İlhan"),
    HardName("Əsmət Ağayeva"),
    HardName("Ștefănița Țuțuianu"),
    HardName("Őrsi Fűzfa"),
    HardName("Ġorġ Ħaż-Żebbuġ"),
    HardName("Siobhán O’Brien-Ní Dhuibhne"),
    HardName("Jean‑Luc Œuvrard"),
    HardName("Nguyễn Thị Phượng"),
    HardName("Людмила Їжакевич"),
    HardName("Олександра Ґудзь"),
    HardName("Ђорђе Љубичић"),
    HardName("Ελένη Παπαδοπούλου"),
    HardName("Ø"),
    HardName("i"),
    HardName("ليلى عبد الرحمن علاء", ARABIC, "rtl"),
    HardName("ژیلا گلپایگانی", ARABIC, "rtl"),
    HardName("أحمد", ARABIC, "rtl"),
    HardName("שרה לוי", HEBREW, "rtl"),
    HardName("ሰላም ተስፋዬ", "NotoSansEthiopic-Regular.ttf"),
    HardName("सीता श्रेष्ठ", "NotoSansDevanagari-Regular.ttf"),
    HardName("สมศรี ใจดี", "NotoSansThai-Regular.ttf"),
    HardName("Նարե Սարգսյան", "NotoSansArmenian-Regular.ttf"),
    HardName("ნინო ბერიძე", "NotoSansGeorgian-Regular.ttf"),
    HardName("Nguyễn Thị Phượng Hữu Đặng"),
    HardName("Karl-Gustav Sjöström af Silfverschiöld"),
)

#: They are as long as a name may be, or nearly, and break into lines.
LONG = (
    HardName("W" * 120),
    HardName("ŵ" * 120),
    HardName(("Wilhelmiina " * 10).strip()),
    HardName(
        "Maximiliana-Wilhelmiina Aleksandra von und zu Schwarzenberg-Mecklenburg "
        "Korhonen-Virtanen-Mäkeläinen de la Fuente"
    ),
    # The first font of the family and the Arabic one have their middles at different heights, which widens the lines.
    HardName(("الحسيني " * 15).strip(), ARABIC, "rtl", 1.325),
)

HARD_NAMES = (*SHORT, *LONG)
