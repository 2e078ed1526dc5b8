"""The gates: what each refuses and what it lets pass, waivers, and how hard a text is to read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from math import sqrt

import pytest

from plainleaf.check.check import check
from plainleaf.check.gates import GATES, reading
from plainleaf.check.gates.claims import findings
from plainleaf.check.gates.family import in_context
from plainleaf.check.gates.figures import unknown_figures
from plainleaf.check.gates.grade import MEASURES, grade, syllables_of
from plainleaf.check.gates.lexicon import OWN, Lexicon, for_procedure, shipped_lexicon
from plainleaf.check.gates.passages import Passage
from plainleaf.check.gates.reading import is_passive, unexplained
from plainleaf.check.waivers import apply, waivers_in
from plainleaf.load.load import load
from plainleaf.model import Project
from plainleaf.plan import plan
from plainleaf.problems import Place, Problem, Waiver
from plainleaf.read.glossary import Term
from plainleaf.read.pages import without_notes
from plainleaf.read.read import read
from tests.conftest import TODAY, mark, reissue
from tests.repository import change
from tests.test_cases import CASES, GATES_IN, PUT_RIGHT, case_of

ENGLISH = for_procedure(shipped_lexicon("en"), None)
ENGLISH_MEASURE = MEASURES["en"]
INDEX, SLIP, NOTE = "docs/en/index.md", "docs/en/slip.md", "handouts/note.yml"
NOTE_LEDGER = "ledger/note.yml"
CONSENT_PAGE, CONSENT = "docs/en/consent.md", "handouts/consent.yml"
AFTERCARE_PAGE, AFTERCARE = "docs/en/aftercare.md", "handouts/aftercare.yml"


def passage(text: str, kind: str = "p", sources: tuple[str, ...] = ()) -> Passage:
    return Passage(kind, text, "", frozenset(sources), False, Place("docs/en/page.md", 1))


def gates_against(text: str, *sources: str, known: Lexicon = ENGLISH) -> list[str]:
    return [problem.gate for problem in findings(passage(text, sources=sources), known)]


def test_each_gate_has_a_bad_case_and_a_good_one() -> None:
    """What is put right in a claim of the lexicon stands in HONEST."""
    said = "".join(path.read_text("utf-8") for path in CASES if path.stem.startswith("gate_"))
    assert set(GATES_IN.findall(said)) == set(GATES)
    right = {gate for path in PUT_RIGHT for gate in case_of(path)["put_right"]}
    assert right | {f"claims.{claim}" for claim in HONEST} == set(GATES)


def test_a_page_that_compares_options_keeps_its_own_name(project: Project) -> None:
    """What a gate finds on such a page bears the page's name, not that of an option."""
    change(project.folder, "kind: plain", "kind: plain\ncompare: [place, tell]", SLIP)
    problems: list[Problem] = []
    docs = read(project, problems)
    assert problems == []
    assert docs.pages["en", "slip"].source == Place(SLIP)


# The claims of the lexicon. The second of each pair is said honestly: denied, asked, hedged, in a
# context where it does no harm, or beside its source.
REFUSED = {
    "guarantee": [
        "I can tell you with confidence that this wash is right for you.",
        "You will feel the difference within the hour.",
        "We guarantee less pain.",
        "This is bound to help.",
        "It never fails.",
        "You can count on it.",
        "Little doubt is left.",
        "Give us an hour and we help.",
        "We know that we can help you.",
        "We seldom see them again.",
        "Your body does the rest, every time.",
        "You cannot argue with it.",
        "It would not be used if it did not work.",
        "We guarantee that it is good.",
    ],
    "cure": [
        "The wash gave me a brand new back.",
        "It cures nerve pain.",
        "You will say goodbye to pain.",
        "It heals the nerve.",
        "This ends your pain.",
        "Your wart is history.",
        "Goodbye, tennis elbow.",
        "You need six visits before the pain is gone.",
        "It does not stand a chance.",
        "It goes to where the trouble begins.",
        "It puts the problem right.",
        "Your knee is as it was when you were twenty.",
        "The relief lasts for years.",
        "Your knees glide.",
        "It looks as if nothing had been there.",
        "This is the end of the road for pain.",
        "By then the ache will have stayed behind.",
        "The pain has nowhere left to hide.",
        "Here we end it.",
        "It can cure pain.",
        "It was curing her.",
        "Complete relief came in all patients.",
        "Complete pain relief is what you get.",
        "It resolves your pain.",
    ],
    "works": [
        "This treatment works.",
        "The injections ease pain.",
        "It is very effective.",
        "Our success rate is high.",
        "Thanks to the gel your knee has help: the gel works.",
        "Cortisone takes the fire out of the joint.",
        "The gel gives your knee its swing.",
        "It postpones a new knee.",
        "We treat the cause.",
    ],
    "benefit-ahead": [
        "You will feel better.",
        "Your pain will fade.",
        "Each visit brings less pain.",
        "Imagine waking up well.",
        "You will hear birdsong again.",
        "Sleep through the night again.",
        "It puts you back on the court.",
        "Most people walk by the third visit.",
        "You leave with a smile.",
        "We get your hands working again.",
        "You will notice less pain.",
    ],
    "everyone": [
        "Everyone benefits.",
        "Most patients feel better.",
        "It is right for everyone.",
        "Even people with a fear of needles fall asleep.",
        "Thousands of runners have tried it.",
        "Many doctors know hardly a tendon that does not improve.",
        "It is effective in nearly all cases.",
        "It suits everybody.",
        "There is no sore spot it cannot reach.",
        "The only people who do not get better are those who gave up.",
        "Most patients improve.",
        "Most people will get better.",
    ],
    "safe": [
        "A blister does not happen in experienced hands.",
        "It is safe.",
        "There are no side effects.",
        "The needle is too short to reach the lung.",
        "It is painless.",
        "There is nothing to fear.",
        "Nothing in it could go wrong.",
        "Mistakes do not happen.",
        "You cannot be allergic to it.",
        "An allergy is out of the question.",
        "We would know by now.",
        "Your blood thinners do not matter.",
        "It is suitable in pregnancy.",
        "It leaves your bones untouched.",
        "You won't feel a thing.",
        "You may feel a tickle, no more.",
        "The needle is so thin that you smile.",
        "You can drive straight away.",
        "You need no rest.",
        "There is no age limit.",
        "Nerves are tough.",
        "It cannot interact with your medicines.",
        "It is no riskier than a walk.",
        "A reaction is merely a hiccup.",
        "What could possibly go wrong?",
        "A mosquito does more damage.",
        "Nobody has ever needed a list of risks.",
        "Sugar water is completely safe.",
        "This is perfectly safe to have.",
        "Painless bruises.",
        "It is risk-free.",
        "You have it without any risk.",
        "It is a thing with no risk.",
        "It comes with zero risk.",
        "Natural, so fine.",
        "Your body does it naturally.",
        "Allergy is not an issue.",
    ],
    "proven": [
        "This method is proven.",
        "Decades of research stand behind it.",
        "The treatment is approved.",
        "It is trusted by athletes.",
        "Most doctors have not caught up.",
        "The drug firms would rather hush it up.",
        "A proven method.",
        "It was clinically proven.",
    ],
    "mechanism": [
        "It calms the nerves.",
        "Dextrose repairs nerves.",
        "It boosts your blood flow.",
        "It is a reset button for nerves.",
        "Your cartilage grows back.",
        "Your body knows what to do.",
        "Nerves cannot heal without sugar.",
        "It regenerates nerves.",
    ],
    "diagnostic": [
        "Relief proves that this nerve is the cause.",
        "New pain is a good sign.",
        "If it turns red, be glad.",
        "Numb toes: that only shows that we reached the nerve.",
        "Swelling is a sign that it works.",
    ],
    "coercion": ["You cannot say no later.", "You must give a reason.", "A relative signs here."],
    "superlative": [
        "We are the best clinic.",
        "This is a unique treatment.",
        "The needle is as thin as a hair.",
        "Fewer pills, more life.",
        "Look at our reviews.",
        "Nothing else helps.",
        "Nothing else on offer comes near it.",
        "Other clinics manage pain.",
        "One of the safest treatments.",
        "One of the best treatments.",
        "It is a miracle.",
    ],
    "comparison": [
        "It is better than surgery.",
        "You avoid an operation.",
        "Unlike tablets, these injections last.",
        "What used to take months is now quick.",
        "It treats the joint, not just the swelling.",
        "Skip the surgeon.",
    ],
    "testimonial": [
        "Our patients love it.",
        "A runner of 42 walked again.",
        "Clients notice the change.",
        "Professional cyclists choose it.",
        "Your doctor would choose it for himself.",
        "A child of three slept through it.",
        "Then I saw what it did for people.",
        "Read our testimonials.",
    ],
    "quick": [
        "You get instant relief.",
        "The pain stops at once.",
        "Sleep well, starting this week.",
        "You will notice a change at once.",
    ],
    "pressure": [
        "Why undergo an operation when a wash can do the job?",
        "Book today.",
        "Do not wait.",
        "Only three places left.",
        "The earlier you start, the better.",
        "Why live with pain?",
        "What if the operation is not needed?",
        "Tired of pain?",
        "Reserve your place.",
        "How much longer do you want to limp?",
        "A second opinion only costs you time.",
    ],
    "medicine-change": [
        "Stop taking your blood thinners.",
        "You no longer need your painkillers.",
        "If you carry an inhaler, you can leave it at home.",
    ],
    "wait-out": [
        "Please do not be alarmed if your leg feels weak for some days.",
        "If your chest feels tight, rest at home for a day or two.",
        "It is not necessary to visit the emergency room.",
        "If your foot feels dead, keep walking on it.",
        "An antihistamine and a good night of sleep will sort that out.",
        "Chest pain is normal.",
        "A fever passes in a few days.",
        "There is no need to call us about redness.",
        "Blood in the ear is normal.",
        "A fever is nothing.",
        "Pus looks worse than it is.",
        "Swelling shows that the medicine is working.",
        "It is your body cleaning up.",
        "Let nature take its course.",
        "If your lips puff up, take it as a sign that it works.",
        "Going to casualty will only waste your evening.",
        "A cup of tea helps against a wheezy chest.",
    ],
    "waiver": [
        "You give up the right to complain.",
        "I agree not to sue.",
        "The clinic is not liable.",
    ],
    "blanket": ["I agree to any treatment.", "We do any treatment that is needed."],
    "relative": ["It halves the risk.", "It is twice as likely.", "It lowers the risk by half."],
    "frequency": ["Bruises are common.", "A hurt lung is very rare.", "Infection is unlikely."],
    "percent": [
        "Bruises come in 5% of people.",
        "Pain fell by 20 per cent.",
        "It was so for 40% of them.",
        "It was so for 10 to 20 per cent.",
        "It was so for 2.5 per cent.",
    ],
    "rate-in-words": ["One in ten people has a bruise.", "A third of people had less pain."],
}
HONEST = {
    "guarantee": [
        "Nobody can guarantee less pain.",
        "Can you promise me a result?",
        "Beware if a clinic promises results.",
        "We are sometimes asked for a guarantee.",
        "It is wrong to promise a result.",
        "We can't guarantee less pain.",
        "Some clinics promise results, but ask how they know.",
        "Nobody can guarantee that the cut closes.",
        "We use a new needle every time you come.",
        "If it sounds too good to be true, ask for the study.",
    ],
    "cure": [
        "Take the sheet home and talk it over with your family.",
        "Back pain comes with or without sciatica.",
        "A small bruise often fades within a week.",
        "No study shows that it cures nerve pain.",
        "Does it cure nerve pain?",
        "A cut needs time to heal.",
        "In a trial, warts had gone in 49 of every 100 people.",
        "The pain goes and later returns.",
        "By then the numbing may have worn off.",
        "We end the visit if you ask.",
        "Many leaflets speak of a cure. We found no study.",
        "This wash may help.",
    ],
    "works": [
        "The nurse presses along the skin and gives a small injection at each spot.",
        "Nobody knows if this treatment works.",
        "Does it work?",
        "It may help some people.",
        "Nobody knows if the gel works.",
        "The needle goes through your skin.",
        "Nobody knows if it postpones a new knee.",
    ],
    "benefit-ahead": [
        "It now asks you firmly again.",
        "You will usually be pricked more than a dozen times.",
        "You will notice bright lights.",
        "You will feel it buzz.",
        "You may feel better.",
        "Nobody knows how you will feel.",
        "You will be asked to sign.",
        "You may hear well again.",
        "Imagine 100 people like you.",
        "You will be asked again.",
        "Look at your goal again.",
        "We cannot say how likely it is that you will feel better.",
    ],
    "everyone": [
        "It does not help everyone.",
        "Does it help everyone?",
        "Some people feel better.",
        "Many people get better without treatment.",
        "It is not your fault if the pain stays.",
    ],
    "safe": [
        "New numbness should be checked by a doctor the same day, even if it seems mild.",
        "This does not happen to everyone.",
        "Nobody has counted infections.",
        "Hold warm salt water gently over the place.",
        "It is for mild to moderate hearing loss.",
        "If you run a temperature, see a doctor the same day.",
        "Calling it “completely safe” would be wrong.",
        "Nobody knows if it is safe.",
        "Is it safe?",
        "Ask if it is safe to drive.",
        "Not known does not mean safe.",
        "A natural thing isn't automatically a harmless one.",
        "Whether it is safe in pregnancy has not been studied.",
        "There is no such thing as a needle without risk.",
        "You can be allergic to it.",
        "Tell us if you take blood thinners.",
        "You may feel a tickle.",
        "Do not drive straight away.",
        "If you need rest, tell us.",
        "Nobody knows if it interacts with your medicines.",
        "A fine needle goes just under your skin.",
        "Ordinary pain relief needs no needle.",
        "The leaflet lists what can go wrong.",
        "It can sting like a wasp.",
    ],
    "proven": [
        "This method is not proven.",
        "Is it proven?",
        "No large study has tested this.",
        "“Clinically proven” is a phrase you may meet; ask which study is meant.",
        "The trials did not agree.",
        "Research has not shown that it is better.",
        "Your doctor may not know this treatment.",
        "No study has tested this.",
    ],
    "mechanism": [
        "One idea is that it calms the nerves.",
        "How might it calm nerves?",
        "It is not known if it repairs nerves.",
        "Nobody knows if cartilage grows back.",
        "One idea is that sugar water calms the nerves.",
    ],
    "diagnostic": [
        "Relief does not prove that this nerve is the cause.",
        "No test shows that a nerve is the cause.",
        "If it turns red, call us.",
        "Swelling does not show that it works.",
        "Less pain does not show that this was the nerve.",
    ],
    "coercion": [
        "You do not have to give a reason.",
        "If you cannot decide, tell us.",
        "You can say no at any time.",
    ],
    "superlative": [
        "Nobody can say which treatment is best.",
        "Which option is best?",
        "What is the best time to call?",
        "Some people find it as strong as a bee sting.",
        "Other clinics may do it in another way.",
        "Nobody knows which is the best way to wash a cut.",
    ],
    "comparison": [
        "It is not known to be better than surgery.",
        "Is it better than surgery?",
        "No study shows that it is better than exercise.",
        "Tablets are another option.",
        "It is as good as drops, as far as we know.",
        "Nobody knows if it is better than stitches or surgery.",
    ],
    "testimonial": [
        "Stories of people who were pleased with it cannot show if it works.",
        "One report tells of one person.",
        "People of all ages were in the study.",
        "Tell us if you like it.",
        "A list of happy patients is no proof.",
    ],
    "quick": [
        "Some people feel relief at once.",
        "You may have quick relief.",
        "Does the pain stop at once?",
        "Some patients say that they feel better straight away.",
        "Some people have instant relief.",
    ],
    "pressure": [
        "If it was not, your hearing stays the same, and you need another check.",
        "Swelling in the calf needs a call today.",
        "You do not need to decide today.",
        "Call an ambulance now.",
        "Do not wait for the clinic to call.",
        "Why does it hurt?",
        "What if I change my mind?",
        "You may take your time.",
        "How many visits will you need?",
        "You can ask for a second opinion.",
    ],
    "medicine-change": [
        "Do not stop your blood thinners.",
        "Ask before you stop your tablets.",
        "Never stop a medicine by yourself.",
        "Bring your inhaler.",
    ],
    "wait-out": [
        "A needle can injure a nerve and leave weakness that does not always go away.",
        "Do not ignore chest pain.",
        "Call an ambulance for chest pain.",
        "Call us if blood comes from the ear.",
        "Pus is a sign of infection.",
        "Fainting is nothing to be ashamed of.",
        "Treat it as an emergency.",
        "Go to casualty with a fever.",
    ],
    "waiver": [
        "You do not give up any right.",
        "You keep every right to complain.",
        "You do not give up the right to complain.",
    ],
    "blanket": [
        "You agree to this treatment only.",
        "Another procedure needs another form.",
        "I agree to this treatment only.",
    ],
    "relative": ["It halves the risk, from 2 in 100 to 1 in 100.", "Nobody has counted scars."],
    "frequency": [
        "Bruises are common: about 20 in 100 people had one.",
        "How common it is is not known.",
        "Here are common questions.",
        "How often a scar stays is not known.",
    ],
    "percent": ["We use 5% dextrose.", "5 in 100 people had a bruise.", "A scar may stay."],
    "rate-in-words": [
        "5 in 100 people had a bruise.",
        "A few people had a bruise.",
        "Some people have a scar.",
    ],
}
SOURCED = {
    "everyone": "Most patients felt better in one trial (source: Lee 2020).",
    "proven": "Studies show less pain (source: Lee 2020).",
    "comparison": "It was better than steroids in 30 people (source: Lee 2020).",
}


def pairs(told: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(gate, sentence) for gate, sentences in told.items() for sentence in sentences]


@pytest.mark.parametrize(("gate", "sentence"), pairs(REFUSED))
def test_a_claim_is_refused(gate: str, sentence: str) -> None:
    assert f"claims.{gate}" in gates_against(sentence)


@pytest.mark.parametrize(("gate", "sentence"), pairs(HONEST))
def test_its_honest_twin_passes(gate: str, sentence: str) -> None:
    assert gates_against(sentence) == [], gate


@pytest.mark.parametrize(("gate", "sentence"), SOURCED.items())
def test_what_a_study_found_passes_beside_its_source_only(gate: str, sentence: str) -> None:
    assert gates_against(sentence, "lee-2020") == []
    assert gates_against(sentence) == [f"claims.{gate}"]


def test_a_source_does_not_excuse_what_no_source_can_show() -> None:
    for sentence in ("We guarantee less pain.", "It is safe.", "This ends your pain."):
        assert gates_against(sentence, "lee-2020") != []


def test_each_claim_of_the_lexicon_has_sentences_here() -> None:
    """Those of a project's own are tried in test_rules.py."""
    gates = {gate.removeprefix("claims.") for gate in GATES if gate.startswith("claims.")} - {OWN}
    assert set(REFUSED) == gates
    assert set(HONEST) == gates


def test_a_safety_claim_in_a_question_that_sells_is_refused() -> None:
    assert gates_against("Why wait?") == ["claims.pressure"]


def test_the_name_of_a_source_is_no_claim_of_ours() -> None:
    assert gates_against("One person wrote this (source: Best evidence 2020).") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "The skin is cleaned.",
        "You are then given a sheet.",
        "The needle was not moved.",
        "The cut has been washed.",
    ],
)
def test_a_sentence_that_does_not_say_who_acts_is_passive(sentence: str) -> None:
    assert is_passive(sentence, ENGLISH)


@pytest.mark.parametrize(
    "sentence",
    [
        "We clean the skin.",
        "You are tired.",
        "It is not known.",
        "The places are sudden and open.",
        "There are seven of them.",
        "Your clinician has washed the cut.",
    ],
)
def test_a_sentence_that_names_who_acts_or_tells_a_state_is_not_passive(sentence: str) -> None:
    assert not is_passive(sentence, ENGLISH)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Wash it. Cover it.", ["Wash it.", "Cover it."]),
        ("Is it hot? Call us!", ["Is it hot?", "Call us!"]),
        ("a heading without a full stop", ["a heading without a full stop"]),
        ("Use 2.5 ml of water.", ["Use 2.5 ml of water."]),
        ("He said “wash it.” We did.", ["He said “wash it.", "We did."]),
        ("Call first. 2 people can help.", ["Call first.", "2 people can help."]),
        ("In bread, milk etc. there is sugar.", ["In bread, milk etc. there is sugar."]),
    ],
)
def test_a_passage_falls_into_sentences(text: str, sentences: list[str]) -> None:
    assert passage(text).sentences == sentences


@pytest.mark.parametrize("text", ["Don't drive.", "It’s early."])
def test_a_contraction_is_one_however_its_apostrophe_is_typed(text: str) -> None:
    assert ENGLISH.patterns["contraction"].search(text)


SUTURE = Term("Suture", "A thread.", re.compile(r"\b(?:suture|stitch)(?:s|es)?\b", re.IGNORECASE))
GLUE = Term("Skin glue", "A glue.", re.compile(r"\b(?:skin glue)(?:s|es)?\b", re.IGNORECASE))


def terms_left(*texts: str, kind: str = "p") -> list[str]:
    told = [passage(text, kind) for text in texts]
    return [problem.message for problem in unexplained(told, [SUTURE, GLUE], ENGLISH)]


@pytest.mark.parametrize(
    "text",
    [
        "We use a suture (a thread).",
        "A suture is a thread.",
        "We use a suture, which holds the cut shut.",
        "A thread (suture) holds it.",
        "We use a thread called a suture.",
        "We use a thread, or suture.",
        "We use a suture. It is a thread.",
        "We may use a suture. A suture is a thread.",
        "We use “suture” as a word: a thread.",
    ],
)
def test_a_term_is_explained_where_it_first_stands(text: str) -> None:
    assert terms_left(text) == []


@pytest.mark.parametrize("text", ["We use a suture.", "Ask for a stitch. Then sit down."])
def test_a_term_that_is_not_explained_is_a_problem(text: str) -> None:
    assert len(terms_left(text)) == 1
    assert "is not explained where it first stands on this page." in terms_left(text)[0]


def test_a_term_is_explained_once_and_then_known() -> None:
    assert terms_left("A suture is a thread.", "We use a suture.", "A stitch may hurt.") == []


def test_a_term_is_asked_for_once_only() -> None:
    assert len(terms_left("We use a suture.", "A suture holds.", "We use skin glue.")) == 2


@pytest.mark.parametrize("kind", ["title", "lead", "alt", "h2", "h3", "h4"])
def test_a_title_or_heading_may_name_a_term_before_it_is_explained(kind: str) -> None:
    assert terms_left("The suture", kind=kind) == []


@pytest.mark.parametrize(
    ("text", "held", "unknown"),
    [
        ("Wait 10 minutes.", ["10 minutes"], []),
        ("Wait 10 minutes.", [], ["Wait 10 minutes"]),
        ("Wait 10 hours.", ["10 minutes"], ["Wait 10 hours"]),
        ("Wait 110 minutes.", ["10 minutes"], ["Wait 110 minutes"]),
        ("Wait 10 to 30 minutes.", ["10 to 30 minutes"], []),
        ("Wait 10 to 30 minutes.", ["10 minutes"], ["Wait 10 to 30", "to 30 minutes"]),
        ("It came in 1,500 people.", ["1,500 people"], []),
        ("It came in 1,500 people.", ["500 people"], ["in 1,500 people"]),
        ("Use 2.5 ml.", ["2.5 ml"], []),
        ("Use 2.5 ml.", ["5 ml"], ["Use 2.5 ml"]),
        ("We wrote this on 24 November 2026.", [], []),
        ("First done in 1958, and in the 1990s.", [], []),
        ("On the 2nd day.", [], []),
        ("5% dextrose.", ["5%"], []),
        ("Vitamin B12 and TRPV1.", [], []),
        ("No number at all.", [], []),
        ("About 2 in 100 people.", ["2 in 100"], []),
        ("About 3 in 100 people.", ["2 in 100"], ["About 3 in 100", "in 100 people"]),
        ("WAIT 10 MINUTES.", ["10 minutes"], []),
        ("9 of 1,234 people had it.", ["9 people"], ["9 of 1,234", "of 1,234 people had"]),
        ("Good for 80-100 people.", ["80 people"], ["for 80-100 people", "80- 100 people"]),
    ],
)
def test_a_number_must_be_one_of_the_figures(
    text: str, held: list[str], unknown: list[str]
) -> None:
    assert unknown_figures(passage(text), held) == unknown


def test_a_note_covers_itself_and_the_block_below() -> None:
    text = "one\n\n<!-- waive reading.sentence: it is a name -->\n\ntwo\nthree\n\nfour"
    (waiver,) = waivers_in(text, SLIP)
    assert waiver == Waiver(Place(SLIP, 3), 6, "reading.sentence", (), "it is a name")
    covered = [line for line in range(1, 9) if waiver.covers(found(line))]
    assert covered == [3, 4, 5, 6]


def test_notes_above_each_other_cover_the_same_block() -> None:
    text = "<!-- waive reading.term: a -->\n<!-- waive reading.sentence: b -->\none\n\ntwo"
    assert [waiver.last for waiver in waivers_in(text, SLIP)] == [3, 3]


def test_a_note_in_yaml_covers_the_line_below_or_the_line_that_it_stands_on() -> None:
    text = "# waive control.change: a\nchange: x\nid: y # waive control.identity: b\nversion: z"
    first, second = waivers_in(text, NOTE)
    assert (first.source.line, first.last, first.gate) == (1, 2, "control.change")
    assert (second.source.line, second.last, second.gate) == (3, 3, "control.identity")


def test_a_note_covers_its_own_gate_and_file_only() -> None:
    (waiver,) = waivers_in("<!-- waive reading.sentence: a -->\none", SLIP)
    assert waiver.covers(found(2))
    assert not waiver.covers(found(2, gate="reading.term"))
    assert not waiver.covers(found(2, path=INDEX))
    assert not waiver.covers(found(3))


def test_what_only_looks_like_a_waiver_is_none() -> None:
    assert (
        list(waivers_in("We waive fees.\n<!-- a note -->\nText <!-- waive x: y --> on", SLIP)) == []
    )


def found(line: int, path: str = SLIP, gate: str = "reading.sentence") -> Problem:
    return Problem(Place(path, line), "a long sentence", "Split it.", gate, "a standard")


def test_a_waiver_with_a_reason_lets_its_finding_pass() -> None:
    waivers = list(waivers_in("<!-- waive reading.sentence: a name -->\none", SLIP))
    assert apply(waivers, [found(2), found(4)], GATES) == ([found(4)], waivers)


@pytest.mark.parametrize(
    ("note", "fact", "hint"),
    [
        (
            "waive reading.sentence",
            "this waiver gives no reason.",
            "Write it after a colon: `waive reading.sentence: the reason`.",
        ),
        (
            "waive reading.term: it is known",
            'this waives "reading.term", but there is nothing to waive.',
            "Take it away.",
        ),
    ],
)
def test_a_waiver_that_does_nothing_is_a_problem_and_the_finding_stays(
    note: str, fact: str, hint: str
) -> None:
    left, used = apply(waivers_in(f"<!-- {note} -->\none", SLIP), [found(2)], GATES)
    assert left == [found(2), Problem(Place(SLIP, 1), fact, hint)]
    assert used == []


def named(line: int, subject: str) -> Problem:
    return replace(found(line), subject=subject)


def test_a_waiver_lets_through_what_it_names_and_nothing_else() -> None:
    note = "<!-- waive reading.sentence the old  name, Another: a -->\none\ntwo"
    one, other, new = named(2, "The old name"), named(3, "another"), named(3, "a third")
    left, used = apply(waivers_in(note, SLIP), [one, other, new], GATES)
    assert left == [new]
    assert [waiver.subjects for waiver in used] == [("the old name", "Another")]


def test_a_name_lets_through_what_is_found_on_one_line_only() -> None:
    note = "<!-- waive reading.sentence name: a -->\none\ntwo"
    left, _ = apply(waivers_in(note, SLIP), [named(2, "name"), named(3, "name")], GATES)
    assert left == [named(3, "name")]
    note = "<!-- waive reading.sentence: a -->\none\ntwo"
    assert apply(waivers_in(note, SLIP), [found(2), found(3)], GATES)[0] == [found(3)]


def test_a_finding_about_several_things_is_waived_when_all_of_them_are() -> None:
    both = named(2, "note en, slip en")
    one, all_of_it = (
        apply(waivers_in(f"<!-- waive reading.sentence {names}: a -->\none", SLIP), [both], GATES)
        for names in ("slip en", "slip en, note en")
    )
    assert both in one[0]
    assert all_of_it[0] == []


def test_each_name_of_a_waiver_must_be_of_use() -> None:
    note = "<!-- waive reading.sentence name, nobody: a -->\none"
    left, used = apply(waivers_in(note, SLIP), [named(2, "name")], GATES)
    fact = 'this waives "reading.sentence nobody", but there is nothing to waive.'
    assert left == [Problem(Place(SLIP, 1), fact, "Take it away.")]
    assert len(used) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We say: it is safe, and more.", "is safe and"),
        ("Safe for all.", "Safe for"),
        ("It is quite <safe>: yes, `safe`", "quite safe yes"),
        ("unsafe", "unsafe"),
        ("(safe)", "safe"),
    ],
)
def test_a_subject_can_be_copied_into_a_waiver(text: str, words: str) -> None:
    match = re.search("safe", text, re.IGNORECASE)
    assert match
    finding = reading.FAMILY.error("sentence", Place(SLIP, 2), "", "", in_context(text, match))
    assert finding.subject == words
    note = f"<!-- waive {finding.name}: a reason -->\none"
    assert apply(waivers_in(note, SLIP), [finding], GATES)[0] == []


def test_a_waiver_of_no_gate_names_the_one_that_was_meant() -> None:
    left, _ = apply(waivers_in("<!-- waive reading.sentense: a -->", SLIP), [], GATES)
    assert left[0].message == 'this waives "reading.sentense", which is no gate.'
    named = "Each finding names its gate in square brackets."
    assert left[0].hint == f'Did you mean "reading.sentence"? {named}'


def test_a_waived_finding_lets_the_check_pass_and_is_listed(
    project: Project, run: Callable[..., tuple[int, str]]
) -> None:
    note = (
        "<!-- waive leftovers.doubled us the the place: her own words -->\nShow us the the place."
    )
    change(project.folder, "Show us the place.", note, SLIP)
    mark(project.folder)
    status, errors = run("check", "--project", str(project.folder))
    assert status == 0
    assert errors.endswith(
        f"{SLIP}:24: waived [leftovers.doubled us the the place]: her own words\n"
    )
    assert errors.count("[control.draft]") == errors.count("warning") == 1


def test_a_waiver_reaches_the_check_as_a_value(project: Project) -> None:
    path = project.folder / NOTE_LEDGER
    reissue(project.folder, change="New")
    text = path.read_text("utf-8").replace(
        "  - version", "  # waive control.change: old\n  - version", 1
    )
    path.write_text(text, "utf-8")
    problems: list[Problem] = []
    docs, library = read(project, problems), load(project, problems)
    verdict = check(docs, library, plan(docs, library, problems), TODAY)
    assert (problems, verdict.problems) == ([], ())
    assert [waiver.gate for waiver in verdict.waivers] == ["control.change"]


def test_notes_to_editors_are_not_published_and_keep_the_lines() -> None:
    assert without_notes("a\n<!-- waive reading.term: b -->\nc") == "a\n\nc"


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("anaesthetic", 4),
        ("anaesthetics", 4),
        ("paediatric", 4),
        ("anaemia", 4),
        ("oedema", 3),
        ("haemorrhage", 3),
        ("diarrhoea", 4),
        ("colour", 2),
        ("centre", 2),
        ("litre", 2),
        ("analyse", 3),
        ("organisation", 5),
        ("swelling", 2),
        ("walked", 1),
        ("wanted", 2),
        ("needle", 2),
        ("neurogenic", 4),
        ("prolotherapy", 5),
        ("don’t", 1),
        ("Pain", 1),
        ("zzz", 1),
    ],
)
def test_syllables_are_those_that_people_say(word: str, count: int) -> None:
    assert syllables_of(word) == count


@pytest.mark.parametrize(
    ("sentences", "words", "syllables", "long_words"),
    [
        # the cat sat on the mat
        (["The cat sat on the mat."], 6, 6, 0),
        # an·aes·thet·ic is the one long word; a-bout
        (["An anaesthetic makes you numb.", "Ask about it."], 8, 12, 1),
        # cli·ni·cian, in·fec·tion; an-y, wor-ry
        (["Tell your clinician of any worry.", "Infection may need help."], 10, 16, 2),
    ],
)
def test_grades_are_those_of_the_formulas(
    sentences: list[str], words: int, syllables: int, long_words: int
) -> None:
    per_sentence, per_word = words / len(sentences), syllables / words
    reached = grade(sentences, ENGLISH_MEASURE)
    assert reached is not None
    assert reached.first == pytest.approx(0.39 * per_sentence + 11.8 * per_word - 15.59, abs=1e-9)
    assert reached.second == pytest.approx(
        1.043 * sqrt(long_words * 30 / len(sentences)) + 3.1291, abs=1e-9
    )


@pytest.mark.parametrize(
    ("sentences", "flesch_kincaid", "smog"),
    [
        # 6 words of 6 syllables: 0.39 × 6 + 11.8 × 1 − 15.59 = −1.45; no long word: 3.1291
        (["The cat sat on the mat."], -1.45, 3.1291),
        # 4 words a sentence, 1.5 syllables a word: 1.56 + 17.7 − 15.59 = 3.67
        # 1 long word in 2 sentences: 1.043 × √15 + 3.1291 = 4.0395 + 3.1291 = 7.1686
        (["An anaesthetic makes you numb.", "Ask about it."], 3.67, 7.1686),
    ],
)
def test_grades_are_those_worked_out_by_hand(
    sentences: list[str], flesch_kincaid: float, smog: float
) -> None:
    reached = grade(sentences, ENGLISH_MEASURE)
    assert reached is not None
    assert reached.first == pytest.approx(flesch_kincaid, abs=1e-4)
    assert reached.second == pytest.approx(smog, abs=1e-4)


def test_a_masked_term_counts_as_one_short_word() -> None:
    numbing = re.compile("anaesthetic")
    assert grade(["An anaesthetic helps."], ENGLISH_MEASURE, [numbing]) == grade(
        ["An it helps."], ENGLISH_MEASURE
    )


def test_a_text_without_words_has_no_grade() -> None:
    assert grade([], ENGLISH_MEASURE) is None
    assert grade(["10 – 20"], ENGLISH_MEASURE) is None
