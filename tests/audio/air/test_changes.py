"""What changed between two contents is told in plain sentences."""

from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path

import pytest

from audio.air.changes import changes
from audio.words.source import load
from ivr.edition.content import Article, Content, Helpline, Notice, Section
from tests.support.small_content import write


@pytest.fixture
def content(tmp_path: Path) -> Content:
    return load(write(tmp_path)).content


def with_language(content: Content, **changed: object) -> Content:
    language = replace(content.languages["en"], **changed)  # type: ignore[arg-type]
    return replace(content, languages={"en": language})


def with_article(content: Content, **changed: object) -> Content:
    (article,) = content.languages["en"].articles
    return with_language(content, articles=(replace(article, **changed),))  # type: ignore[arg-type]


def with_helpline(content: Content, **changed: object) -> Content:
    (helpline,) = content.languages["en"].helplines
    return with_language(content, helplines=(replace(helpline, **changed),))  # type: ignore[arg-type]


def test_the_same_content_has_no_changes(content: Content) -> None:
    assert changes(content, replace(content)) == ()


def test_of_the_first_content_only_the_languages_are_named(content: Content) -> None:
    assert changes(None, content) == ("language en added",)


def test_a_change_to_the_line_itself_is_named(content: Content) -> None:
    new = replace(content, name="New line", timezone="Europe/Rome", speeds=(1.0,))
    assert changes(content, new) == ("the line: name, time zone, speeds changed",)


def test_languages_come_and_go(content: Content) -> None:
    both = replace(
        content, languages={**content.languages, "gd": content.languages["en"]}
    )
    assert changes(content, both) == ("language gd added",)
    assert changes(both, content) == ("language gd removed",)


def test_each_prompt_that_changed_is_named(content: Content) -> None:
    prompts = replace(
        content.languages["en"].prompts, welcome="Hello!", busy="They talk."
    )
    new = with_language(content, prompts=prompts)
    assert changes(content, new) == (
        "en: prompt welcome changed",
        "en: prompt busy changed",
    )


def test_a_helplines_changes_are_listed_under_its_name(content: Content) -> None:
    new = with_helpline(content, hours=((0, 60),), cost="Dear.", e164=None)
    assert changes(content, new) == (
        "en: helpline First: number that is dialled, words on what it costs, hours changed",
    )


def test_helplines_come_and_go_and_change_places(content: Content) -> None:
    (first,) = content.languages["en"].helplines
    second: Helpline = replace(first, slug="second", name="Second")
    two, turned = (
        with_language(content, helplines=lines)
        for lines in ((first, second), (second, first))
    )
    assert changes(content, two) == ("en: helpline Second added",)
    assert changes(two, content) == ("en: helpline Second removed",)
    assert changes(two, turned) == ("en: helplines are in another order",)


def test_articles_come_and_go(content: Content) -> None:
    (first,) = content.languages["en"].articles
    second: Article = replace(first, slug="two", title="Another")
    two: Content = with_language(content, articles=(second, first))
    assert changes(content, two) == ("en: article 'Another' added",)
    assert changes(two, content) == ("en: article 'Another' removed",)


def test_an_article_with_another_title_is_called_by_its_new_one(
    content: Content,
) -> None:
    new = with_article(content, title="Renamed", published="2026-02-02")
    assert changes(content, new) == ("en: article 'Renamed': title, date changed",)


@pytest.mark.parametrize(
    ("sentences", "told"),
    [
        (("First words.", "Other words."), "1 sentence changed"),
        (("Some.", "Other.", "More."), "2 sentences changed, 1 sentence added"),
        (("Second words.",), "1 sentence removed"),
        (("New.", "First words.", "Second words."), "1 sentence added"),
    ],
)
def test_sentences_are_counted_by_section(
    content: Content, sentences: tuple[str, ...], told: str
) -> None:
    (article,) = content.languages["en"].articles
    one, two = article.sections
    new = with_article(content, sections=(Section(one.heading, sentences), two))
    assert changes(content, new) == (f"en: article 'A title', section 1 'One': {told}",)


def test_sections_come_and_go_and_change_places(content: Content) -> None:
    (article,) = content.languages["en"].articles
    one, two = article.sections
    told = "en: article 'A title', section"
    turned, less = (with_article(content, sections=s) for s in ((two, one), (one,)))
    assert changes(content, turned) == (f"{told}s are in another order",)
    assert changes(content, less) == (f"{told} 'Two' removed",)
    three = Section("Three", ("More.",))
    assert changes(content, with_article(content, sections=(one, three, two))) == (
        f"{told} 2 'Three' added",
    )


def test_no_kind_of_change_goes_unmentioned(content: Content) -> None:
    """Whatever field of the content differs, something is said."""
    language = content.languages["en"]
    article, helpline = language.articles[0], language.helplines[0]
    for field in fields(article):
        if field.name not in ("slug", "sections"):
            assert (
                len(changes(content, with_article(content, **{field.name: "New"}))) == 1
            )
    for field in fields(helpline):
        if field.name != "slug":
            assert (
                len(changes(content, with_helpline(content, **{field.name: "New"})))
                == 1
            )
    for field in fields(language.prompts):
        new = with_language(
            content, prompts=replace(language.prompts, **{field.name: "New"})
        )
        assert changes(content, new) == (f"en: prompt {field.name} changed",)


def test_a_notice_comes_changes_and_goes(content: Content) -> None:
    snow = Notice("It snows.", datetime(2026, 1, 1), datetime(2026, 1, 2))
    with_snow = with_language(content, notice=snow)
    longer = with_language(content, notice=replace(snow, ends=datetime(2026, 1, 3)))
    assert changes(content, with_snow) == ("en: notice added",)
    assert changes(with_snow, longer) == ("en: notice changed",)
    assert changes(longer, content) == ("en: notice removed",)
