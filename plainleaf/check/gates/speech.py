"""What the gates know of a language and a procedure: a lexicon with its rules, and a glossary."""

from __future__ import annotations

from dataclasses import dataclass

from plainleaf.check.gates.lexicon import Lexicon, for_procedure, lexicon_of
from plainleaf.model import Docs
from plainleaf.read.elements import MAY_BE_SAID
from plainleaf.read.glossary import Term, terms_of


@dataclass(frozen=True, slots=True)
class Speech:
    """What is known of a language and a procedure: a lexicon, if there is one, and a glossary.

    left_out are the elements, by kind and name, that do not apply to the procedure. is_ruled: its
    sheets can be held against what they must say. Where rules are needed and are missing or broken,
    that alone is told (check/rules.py). is_translation: it is not the main language, in whose words
    the figures of docs/facts/ stand.
    """

    lexicon: Lexicon | None
    terms: tuple[Term, ...]
    left_out: frozenset[tuple[str, str]] = frozenset()
    is_ruled: bool = True
    is_translation: bool = False

    def without(self, kind: str) -> frozenset[str]:
        """Give the elements of a kind of handout that do not apply."""
        return frozenset(name for of, name in self.left_out if of == kind)


class Speeches:
    """What the gates know, by the language and the slug of a page."""

    def __init__(self, docs: Docs) -> None:
        self._docs = docs
        self._terms = {
            code: tuple(terms_of(page for page in docs.pages.values() if page.language == code))
            for code in docs.languages
        }
        self._made: dict[str, Speech] = {}

    def of(self, code: str, slug: str = "index") -> Speech:
        """Give what is known of the language and the procedure of a page."""
        docs = self._docs
        file = docs.rules_file(code, slug)
        if file in self._made:
            return self._made[file]
        rules = docs.rules.get(file)
        is_broken = file in docs.rules and rules is None
        lexicon, _ = lexicon_of(docs.project, code)
        if lexicon:
            called = docs.languages[code].words.get("procedure", "")
            # Nobody knows what rules that are broken let pass.
            may_be_said = rules.may_be_said if rules else MAY_BE_SAID if is_broken else ()
            lexicon = for_procedure(lexicon, rules, called, may_be_said)
        # What does not apply to a procedure does so in no language.
        decided = rules or docs.rules_of(docs.main_language, slug)
        left_out = set(decided.not_needed if decided else ())
        if decided and not decided.is_off_label:
            left_out.add(("consent", "off-label"))
        is_ruled = lexicon is None or rules is not None
        is_translation = code != docs.main_language
        self._made[file] = Speech(
            lexicon, self._terms[code], frozenset(left_out), is_ruled, is_translation
        )
        return self._made[file]
