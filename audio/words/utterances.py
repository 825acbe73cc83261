"""What must be said in a language: everything that a caller can hear, each text once."""

from collections.abc import Iterator
from dataclasses import astuple

from ivr.edition.content import Article, Language, slots
from ivr.edition.vocabulary import Vocabulary


def utterances(language: Language) -> tuple[str, ...]:
    """Every utterance of the language, in the order in which its content has them."""
    found: dict[str, None] = {}
    for _, texts in parts(language):
        for text in texts:
            if text.strip():
                found[text] = None
    return tuple(found)


def parts(language: Language) -> Iterator[tuple[str, Iterator[str]]]:
    """The same by what it belongs to, as staff call it; a text may come up in several."""
    yield "prompts", _prompts(language)
    if language.notice:
        yield "notice", iter((language.notice.text,))
    if language.vocabulary:
        yield "vocabulary", _vocabulary(language, language.vocabulary)
    yield "helplines", _helplines(language)
    for article in language.articles:
        yield f"article {article.title!r}", _article(article)


def _prompts(language: Language) -> Iterator[str]:
    """Each prompt; one with a slot, once with each value that the slot can take."""
    for name, slot in slots().items():
        yield from language.forms(getattr(language.prompts, name), slot)


def _vocabulary(language: Language, vocabulary: Vocabulary) -> Iterator[str]:
    """The prompts' other form, and what the line calls a wish when it asks for it."""
    yield from language.say_or_press.values()
    for wordings in astuple(vocabulary.wishes):
        yield from wordings[:1]


def _helplines(language: Language) -> Iterator[str]:
    for helpline in language.helplines:
        yield helpline.name
        yield helpline.whom
        yield helpline.when
        yield helpline.cost
        yield helpline.number
        yield from helpline.spelled


def _article(article: Article) -> Iterator[str]:
    yield article.title
    yield article.source
    yield article.copyright
    for section in article.sections:
        yield section.heading
        yield from section.sentences
