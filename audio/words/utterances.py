"""What must be said in a language: everything that a caller can hear, each text once."""

from collections.abc import Iterator
from dataclasses import asdict

from ivr.edition.content import Article, Helpline, Language, slots


def utterances(language: Language) -> tuple[str, ...]:
    """Every utterance of the language, in the order in which its content has them."""
    said = (text for _, texts in parts(language) for text in texts)
    return tuple(dict.fromkeys(text for text in said if text.strip()))


def parts(language: Language) -> Iterator[tuple[str, Iterator[str]]]:
    """The same by what it belongs to, as staff call it; a text may come up in several."""
    yield "prompts", _prompts(language)
    yield "helplines", (text for helpline in language.helplines for text in _helpline(helpline))
    for article in language.articles:
        yield f"article {article.title!r}", _article(article)


def _prompts(language: Language) -> Iterator[str]:
    """Each prompt; one with a slot, once with each value that the slot can take."""
    prompts = asdict(language.prompts)
    for name, slot in slots().items():
        if slot is None:
            yield prompts[name]
        else:
            yield from (prompts[name].format(**{slot: v}) for v in language.values(slot))


def _helpline(helpline: Helpline) -> tuple[str, ...]:
    return (helpline.name, helpline.whom, helpline.when, helpline.cost, helpline.number)


def _article(article: Article) -> Iterator[str]:
    yield from (article.title, article.source, article.copyright)
    for section in article.sections:
        yield from (section.heading, *section.sentences)
