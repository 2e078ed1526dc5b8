"""Spanish as the gates know it: what it must not say, how hard it is, its numbers and dates."""

from __future__ import annotations

import pytest

from plainleaf.check.gates import GATES
from plainleaf.check.gates.figures import unknown_figures
from plainleaf.check.gates.grade import MEASURES, grade, measure_of, spanish_syllables_of
from plainleaf.check.gates.lexicon import OWN, for_procedure, shipped_lexicon
from plainleaf.check.gates.passages import printed
from plainleaf.check.gates.wording import of_passage
from plainleaf.compose.compose import Composed, Composer
from plainleaf.compose.furniture import USUAL, statuses_at
from plainleaf.html.locales import number_of
from plainleaf.model import PAPERS, Sheet
from tests.check.test_content import shipped, told
from tests.check.test_gates import gates_against, pairs, passage

SPANISH = for_procedure(shipped_lexicon("es"), None)
MEASURE = MEASURES["es"]


REFUSED = {
    "guarantee": ["Le garantizamos menos dolor.", "Sin duda notará un cambio.", "Nunca falla."],
    "cure": ["Cura el dolor para siempre.", "El dolor desaparece.", "Dígale adiós al dolor."],
    "works": [
        "Este tratamiento funciona.",
        "Las inyecciones alivian el dolor.",
        "Es un método muy eficaz.",
    ],
    "benefit-ahead": ["Usted se sentirá mejor.", "Va a notar menos dolor."],
    "everyone": [
        "La mayoría de nuestros pacientes mejora.",
        "Sirve para todos.",
        "Casi todas las personas quedan contentas.",
    ],
    "safe": [
        "Es un tratamiento seguro.",
        "No tiene efectos secundarios.",
        "No se preocupe por la aguja.",
        "Es una técnica indolora y natural.",
        "No causa daños.",
    ],
    "proven": ["Los estudios demuestran su valor.", "Está científicamente probado."],
    "mechanism": ["Regenera los tejidos.", "El azúcar calma los nervios."],
    "diagnostic": ["El alivio confirma la causa.", "Un dolor nuevo es buena señal."],
    "superlative": ["Es la mejor opción para usted.", "Un método único en su clase, excelente."],
    "comparison": [
        "Es mejor que los medicamentos.",
        "Evita la cirugía.",
        "A diferencia de las pastillas, dura.",
    ],
    "testimonial": [
        "Ana, de 54 años, volvió a correr.",
        "Nuestros pacientes nos recomiendan.",
        "Me cambió la vida: ya puedo dormir.",
    ],
    "quick": ["Da un alivio inmediato.", "Notará la diferencia en el acto."],
    "pressure": ["No espere más.", "Reserve hoy con descuento.", "¿Por qué esperar?"],
    "medicine-change": ["Deje de tomar el anticoagulante.", "Suspenda la aspirina unos días."],
    "wait-out": [
        "La fiebre se pasa sola.",
        "No hace falta llamar a la clínica.",
        "El dolor de pecho es normal.",
    ],
    "waiver": [
        "Renuncio a mi derecho a reclamar.",
        "La clínica no es responsable.",
        "Acepto todos los riesgos.",
    ],
    "blanket": ["Acepto cualquier tratamiento que se considere necesario."],
    "coercion": ["Ya no puede cambiar de opinión.", "Debe dar un motivo."],
    "relative": ["Baja el riesgo en un 50 %.", "Es dos veces más probable."],
    "frequency": ["Los daños son muy raros.", "Rara vez ocurre."],
    "percent": ["Mejora el 80 %."],
    "rate-in-words": ["Le ocurre a una de cada cien personas.", "La mitad de las personas sangra."],
}
HONEST = [
    "Nadie puede garantizar un resultado.",
    "Algunas personas tienen menos dolor por un tiempo, y otras no tienen ningún alivio.",
    "Ningún estudio muestra que cure el dolor.",
    "No se sabe si este tratamiento funciona.",
    "Puede aliviar su dolor o no.",
    "¿Es seguro?",
    "¿Funciona?",
    "Los daños graves parecen raros, pero nadie los ha contado bien.",
    "Una infección es rara: ocurrió en 9 de cada 10 000 personas.",
    "Llame a una ambulancia si tiene dolor de pecho o dificultad para respirar.",
    "No deje ninguna medicina, salvo que se lo indique quien se la recetó.",
    "Siga tomando lo que le recetaron, como un anticoagulante.",
    "No conduzca mientras sienta que se desmaya.",
    "Puede decir que no, o cambiar de opinión, en cualquier momento.",
    "El azúcar quizá calme los nervios del dolor, pero eso no está probado.",
    "El alivio no demuestra que un nervio causaba su dolor.",
    "Avise de un dolor nuevo, porque también puede ser señal de un daño.",
    "Este uso está fuera de indicación, es decir, la medicina no está aprobada para esto.",
    "La dextrosa al 5% es una solución débil y estéril de azúcar.",
    "No encontramos ningún estudio grande que lo compare con un tratamiento simulado.",
    "Si alguien le promete que no hay riesgos, pregunte cómo lo sabe.",
    "Decida cuando esté listo, y pida una segunda opinión si quiere.",
]


@pytest.mark.parametrize(("gate", "sentence"), pairs(REFUSED))
def test_a_claim_is_refused_in_spanish(gate: str, sentence: str) -> None:
    assert f"claims.{gate}" in gates_against(sentence, known=SPANISH)


@pytest.mark.parametrize("sentence", HONEST)
def test_an_honest_sentence_passes_in_spanish(sentence: str) -> None:
    assert gates_against(sentence, known=SPANISH) == []


def test_spanish_knows_each_claim_that_english_knows() -> None:
    english = for_procedure(shipped_lexicon("en"), None)
    assert set(REFUSED) == {
        gate.removeprefix("claims.") for gate in GATES if gate.startswith("claims.")
    } - {OWN}
    for of in ("patterns", "words", "said", "instead"):
        assert getattr(SPANISH, of).keys() == getattr(english, of).keys(), of
    assert {key: set(needs) for key, needs in SPANISH.said.items()} == {
        key: set(needs) for key, needs in english.said.items()
    }


@pytest.mark.parametrize(
    ("text", "gate"),
    [
        ("Los diabéticos preguntan.", "wording.person"),
        ("Tiene un hematoma.", "wording.plainer"),
        ("Usamos una aguja.", ""),
        ("Vamos a utilizar una aguja.", "wording.plainer"),
        ("Tiene un moretón.", ""),
        ("Llame el mismo día.", ""),
    ],
)
def test_spanish_has_plainer_words(text: str, gate: str) -> None:
    assert [problem.gate for problem in of_passage(passage(text), SPANISH)] == [gate][: bool(gate)]


def test_a_spanish_passage_falls_into_sentences() -> None:
    text = "Espere. ¿Le duele? ¡Llame! Ángel llama. «Sí.» Él va."
    assert passage(text).sentences == [
        "Espere.",
        "¿Le duele?",
        "¡Llame!",
        "Ángel llama.",
        "«Sí.",
        "Él va.",
    ]


SYLLABLES = {
    1: "y el muy hay rey pie buey voy fui Juan",
    2: "agua aguja:3 causa ahí día leer cuerpo quiere guerra también hielo huevo ciudad país",
    3: "dolores médico ahora anestesia:4 vehículo:4 héroe cuídate oído reúne construyó",
    4: "enfermera tratamiento aplicación inyección:3 cigüeña:3 lingüística bahía:3 rehusar:2",
    5: "infecciones:4 consentimiento ambulancia:4 teníais:3 Uruguay:3 desmayarse:4 zzz:1",
}


@pytest.mark.parametrize(
    ("word", "count"),
    [
        (word, int(own or count))
        for count, words in SYLLABLES.items()
        for word, _, own in (each.partition(":") for each in words.split())
    ],
)
def test_spanish_syllables_are_those_of_its_spelling(word: str, count: int) -> None:
    assert spanish_syllables_of(word) == count


def test_the_ease_of_spanish_is_that_of_the_formulas() -> None:
    # Llame hoy. / La aguja entra en la piel. 8 words, 12 syllables in 2 sentences:
    # 206.84 - 60 * 12 / 8 - 1.02 * 8 / 2 = 112.76; 206.835 - 62.3 * 12 / 8 - 4 = 109.385
    reached = grade(["Llame hoy.", "La aguja entra en la piel."], MEASURE)
    assert reached
    assert reached.first == pytest.approx(112.76)
    assert reached.second == pytest.approx(109.385)
    assert MEASURE.mean(reached, 8) == 111.1
    assert MEASURE.is_harder(54.9, MEASURE.last)
    assert not MEASURE.is_harder(80, MEASURE.aim)


def test_a_language_is_measured_as_what_it_is_a_kind_of_or_not_at_all() -> None:
    assert measure_of("es-MX") is measure_of("es") is MEASURE
    assert measure_of("en-GB") is MEASURES["en"]
    assert measure_of("ar") is None


@pytest.mark.parametrize(
    ("text", "held", "unknown"),
    [
        ("Descanse de 10 a 30 minutos.", ["10 to 30 minutes"], []),
        ("Descanse de 10 a 40 minutos.", ["10 to 30 minutes"], ["de 10 a 40", "a 40 minutos"]),
        ("Menos de 1 de cada 10\u00a0000.", ["fewer than 1 in 10,000"], []),
        ("Menos de 1 de cada 10 000.", ["fewer than 1 in 10,000"], []),
        ("Fiebre de 38 °C (100.4 °F).", ["38 °C (100.4 °F)"], []),
        ("Fiebre de 39 °C.", ["38 °C (100.4 °F)"], ["de 39 °C"]),
        ("El 28 de noviembre de 2026.", [], []),
    ],
)
def test_a_number_of_a_translation_is_one_of_the_figures_in_other_words(
    text: str, held: list[str], unknown: list[str]
) -> None:
    assert unknown_figures(passage(text), held, is_translation=True) == unknown


def test_thousands_are_parted_by_a_space_that_no_country_takes_for_a_point() -> None:
    assert number_of(10_000, "es") == "10\u00a0000"
    assert number_of(10_000, "es-MX") == "10,000"


def test_a_spanish_sheet_is_dated_in_spanish() -> None:
    docs, library = shipped()
    handout, language = library.handouts["before"], docs.languages["es"]
    title = docs.pages["es", handout.page].title
    statuses = statuses_at(USUAL, library.handouts.values(), "es", "approved")
    sheet = Sheet(handout, USUAL, language, PAPERS[0], "standard", title)
    item = Composer(docs, library, statuses).compose(sheet)
    assert isinstance(item, Composed)
    assert "30 de septiembre de 2026" in item.html
    assert "30 sept 2026" in item.html
    assert "September" not in item.html


@pytest.mark.parametrize("name", ["consent", "leaflet", "aftercare", "before", "visit"])
def test_a_spanish_sheet_asks_for_all_the_signs_that_its_original_asks_for(name: str) -> None:
    docs, library = shipped()
    spanish, english = (docs.languages[code].shared for code in ("es", "en"))
    assert spanish.keys() == english.keys()
    handout = library.handouts[name]
    of = {
        code: {key: [p.text for p in part] for key, part in printed(handout, told(code))}
        for code in ("en", "es")
    }
    assert of["en"].keys() == of["es"].keys()
    for key, said in of["en"].items():
        for sign, text in english.items():
            if "-signs" in sign and isinstance(text, str) and any(text in each for each in said):
                own = spanish[sign]
                assert any(str(own) in each for each in of["es"][key]), (key, sign)
