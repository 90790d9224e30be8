import pytest

from assistant.ingestion.formats.undeclared import guessed_encoding

RUSSIAN = "Насос Иванова останавливается при 58 бар. Он был построен в 1974 году."
JAPANESE = "東京タワーの高さは333メートルです。会議は火曜日の午後にあります。"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp866"),
        ("Насос зупиняється при 58 бар. Його збудовано 1974 року.", "windows-1251"),
        ("Η αντλία σταματά στα 58 μπαρ. Κατασκευάστηκε το 1974.", "windows-1253"),
        ("Η αντλία σταματά στα 58 μπαρ. Κατασκευάστηκε το 1974.", "iso8859-7"),
        ("הישיבה התקיימה ב-12 ביוני בתל אביב. דמי הכניסה הם שלושים שקל.", "windows-1255"),
        ("عقد الاجتماع في 12 يونيو في القاهرة. رسوم الدخول ثلاثون جنيها.", "windows-1256"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        ("会議は火曜日です。", "shift_jis"),
        ("会议于六月十二日在上海举行。票价是三十元。", "gbk"),
        ("票价是三十元。", "gbk"),
        ("會議於六月十二日在台北舉行。票價是三十元。", "big5"),
        ("회의는 6월 12일 서울에서 열렸다. 입장료는 3천 원이다.", "euc_kr"),
        ("Zażółć gęślą jaźń. Pompa zatrzymuje się przy ciśnieniu 58 barów.", "windows-1250"),
        (
            "Toplantı 12 Haziran'da İstanbul'da yapıldı. Giriş ücreti otuz liradır, "
            "öğrenciler için ücretsizdir.",
            "windows-1254",
        ),
        ("L'été dernier, la réunion s'est tenue à Orléans. Elle a coûté 300 €.", "windows-1252"),
        ("¿Cuánto costó la reunión de Málaga? Trescientos euros en el año.", "windows-1252"),
        ("The “café” opens at 7 – daily", "windows-1252"),
        ("Grüße aus Köln", "windows-1252"),
        ("The café in Zürich opens at 07:40 — “daily” for €5.", "windows-1252"),
        ("Ware;Preis\nKäse;4\n", "windows-1252"),
        ("Señor", "windows-1252"),
        ("ça va", "windows-1252"),
        ("テスト", "shift_jis"),
        ("The report on 東京タワー was read by the board in June.", "shift_jis"),
    ],
)
def test_the_encoding_is_guessed_from_the_text(text: str, encoding: str) -> None:
    content = text.encode(encoding)
    assert content.decode(guessed_encoding(content)) == text


def test_a_long_text_is_guessed_from_its_beginning() -> None:
    text = (RUSSIAN + "\n") * 5000
    assert guessed_encoding(text.encode("koi8-r")) == "koi8_r"
