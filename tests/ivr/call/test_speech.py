"""What callers say, as a recogniser writes it, and what the line makes of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.words.source import load
from ivr.call import flow
from ivr.call.scene import Abilities, Call, KeyLost, Pressed, Reply, Silence, Spoken
from ivr.call.speech import Understood, hints, is_one_of, understand
from ivr.call.steps import (
    MOST_MISHEARD,
    REPEAT,
    Contents,
    Doubtful,
    End,
    Forgetting,
    Goodbye,
    Guide,
    Helplines,
    Menu,
    OneHelpline,
    Paused,
    Place,
    Reading,
    Step,
    TextConsent,
    Texting,
    Transfer,
    Unreached,
)
from ivr.edition.edition import Edition
from ivr.edition.vocabulary import Vocabulary
from tests.support.reached import SAID, SPEAKING, line_of
from tests.support.small import NOON, edition, helpline, vocabulary
from tests.support.small_content import speaking


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The real words, with speech switched on; nothing of it is rendered."""
    folder = speaking(tmp_path_factory.mktemp("speech") / "content")
    content = load(folder, NOON.date()).content
    return replace(edition(), content=content, clips={"en": {}})


def vocabulary_of(line: Edition) -> Vocabulary:
    """What callers of this line may say."""
    words = line.content.languages["en"].vocabulary
    assert words
    return words


# What was said, and what it means

ARTICLE = "what-is-co-production"
AT = round(NOON.timestamp() * 1000)

MENUS: dict[str, Step] = {
    "menu": Menu(language="en"),
    "menu, left off": Menu(language="en", bookmark=Place(ARTICLE, 2, 1)),
    "contents": Contents(language="en", article=ARTICLE),
    "end": End(language="en", article=ARTICLE),
    "keys": Guide(language="en"),
    "helplines": Helplines(language="en", at=AT),
    "helplines 2": Helplines(language="en", at=AT, page=2),
    "helplines 3": Helplines(language="en", at=AT, page=3),
    "childline": OneHelpline(language="en", helpline="childline", at=AT),
    "samaritans": OneHelpline(language="en", helpline="samaritans", at=AT),
    "unreached": Unreached(language="en", helpline="childline", reason="busy", at=AT),
    "forget": Forgetting(language="en"),
    "spoken": Doubtful(language="en", helpline="childline", at=AT),
    "text": TextConsent(language="en", helpline="childline", at=AT),
}

HEARD = """
menu          | one                                      | 1
menu          | 1                                        | 1
menu          | One.                                     | 1
menu          | Won.                                     | 1
menu          | two                                      | 2
menu          | too                                      | 2
menu          | To.                                      | 2
menu          | Number two.                              | 2
menu          | number 2 please                          | 2
menu          | the second one                           | 2
menu          | um the second one I think                | 2
menu          | Press two.                               | 2
menu          | option three                             | 3
menu          | for                                      | 4
menu          | Fore.                                    | 4
menu          | the fourth one please                    | 4
menu          | zero                                     | 0
menu          | oh                                       | 0
menu          | Star.                                    | *
menu          | hash                                     | #
menu          | Can I hear the article, please?          | 1
menu          | um I'd like the article                  | 1
menu          | what is co production                    | 1
menu          | What is coproduction?                    | 1
menu          | read it to me                            | 1
menu          | sections                                 | 2
menu          | I want to choose a section               | 2
menu          | someone to talk to                       | 3
menu          | Somebody to talk to.                     | 3
menu          | I would like to speak to someone please  | 3
menu          | help                                     | 3
menu          | help me I don't know what to do          | 3
menu          | what do the keys do                      | 4
menu          | goodbye                                  | *
menu          | Bye-bye.                                 | *
menu          | go back                                  |
menu          | Samaritans                               |
menu          | I had beans on toast for tea             |
menu          |                                          |
menu          | ...                                      |
menu          | repeat that                              | ?
menu          | Sorry, can you say that again?           | ?
menu, left off| carry on                                 | 1
menu, left off| Continue.                                | 1
contents      | section three                            | 3
contents      | Section 3.                               | 3
contents      | a confusing term                         | 1
contents      | confusing term                           | 1
contents      | the cake made together                   | 3
contents      | a cake                                   | 2 3
contents      | sharing power please                     | 5
contents      | who gets the credit                      | 6
contents      | every voice at the table                 | 4
contents      | go back                                  | *
contents      | talk to someone                          | 0
end           | again                                    | 1
end           | main menu                                | 4
end           | somebody to talk to                      | 3
keys          | seven                                    | 7
keys          | go back please                           | *
keys          | please forget me                         | #
forget        | Forget me.                               | 1 sure
forget        | I'd like to have that forgotten          | 1 sure
forget        | don't forget me                          | 1 unsure
helplines     | Samaritans                               | 4
helplines     | samaritan's                              | 4
helplines     | Samaritan                                | 4
helplines     | um I'd like the Samaritans please        | 4
helplines     | sam ritans                               | 4
helplines     | child line                               | 2
helplines     | Childline, please.                       | 2
helplines     | the silver line                          | 1
helplines     | parents line                             | 3
helplines     | next page                                | #
helplines     | more                                     | #
helplines     | back                                     | *
helplines     | Chinese takeaway                         |
helplines 2   | NHS                                      | 1
helplines 2   | N.H.S.                                   | 1
helplines 2   | one one one                              | 1
helplines 2   | 111                                      | 1
helplines 2   | gamblers                                 | 2
helplines 2   | Alcoholics Anonymous.                    | 4
helplines 2   | alcoholic anonymous                      | 4
helplines 2   | anonymous                                | 2 3
helplines 3   | the office                               | 1
helplines 3   | cope                                     | 1
helplines 3   | Calm.                                    | 3
childline     | put me through                           | 1 sure
childline     | Yes, please.                             | 1 sure
childline     | yeah                                     | 1 sure
childline     | put me threw                             | 1 sure
childline     | um could you put me through please       | 1 sure
childline     | one                                      | 1 sure
childline     | the first one                            | 1 sure
childline     | don't put me through                     | 1 unsure
childline     | put me through to my sister              | 1 unsure
childline     | put me through now                       | 1 unsure
childline     | put me thru                              | 1 sure
childline     | no                                       | *
childline     | the number                               | 2
childline     | slower please                            | 3
childline     | digit by digit                           | 3
childline     | oh god                                   |
samaritans    | yes                                      |
samaritans    | what's the number                        | 2
unreached     | try again                                | 1 sure
unreached     | another helpline                         | 5
unreached     | text me                                  | 4
unreached     | the number                               | 2
childline     | could you text me the number             | 2 4
text          | yes please                               | 1 sure
text          | send it                                  | 1 sure
text          | no thanks                                | *
spoken        | yes                                      | *
spoken        | no                                       | ?
spoken        | No, nobody.                              | ?
spoken        | No, I didn't get through.                | ?
spoken        | try again                                | 1 sure
"""

TABLE = [
    tuple(cell.strip() for cell in row.split("|")) for row in HEARD.strip().split("\n")
]


@pytest.mark.parametrize(("menu", "said", "meant"), TABLE)
def test_what_is_heard_is_what_was_meant(
    menu: str, said: str, meant: str, real: Edition
) -> None:
    """On a Monday at noon; `?` is to hear it again, two keys are asked about."""
    scene = flow.scene_of(Call(real, NOON, MENUS[menu]))
    understood = understand(said, scene.may_say, vocabulary_of(real))
    keys = "".join(meant.removesuffix("unsure").removesuffix("sure").split())
    assert "".join(sorted(understood.keys)) == keys
    if meant.endswith("sure"):
        assert understood.is_sure == (not meant.endswith("unsure"))
    if len(understood.keys) != 1:
        assert not understood.is_sure


def test_a_wording_that_is_said_exactly_is_clear_however_alike_another_is() -> None:
    may_say = {str(n): (f"Section {n}.",) for n in (1, 11, 12)}
    assert understand("section 12", may_say, vocabulary()).keys == ("12",)


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("brown", "1"),
        ("brawn", "1"),
        ("brain", ""),
        ("whole", "12"),
        ("whine", "1"),
        ("", ""),
    ],
)
def test_one_letter_of_five_may_be_heard_wrongly(said: str, keys: str) -> None:
    """A word of a wording is clearly better than that; and silence is nobody's wording."""
    may_say = {"1": ("brown", "whale", "whine and dine"), "2": ("whint", "while", "…")}
    assert "".join(sorted(understand(said, may_say, vocabulary()).keys)) == keys


@pytest.mark.parametrize("beside", vocabulary().filler)
def test_what_people_say_around_what_they_mean_changes_nothing(beside: str) -> None:
    may_say = {"1": ("brown bread",)}
    for said in (f"{beside} brown bread", f"brown bread {beside}"):
        assert understand(said, may_say, vocabulary()) == Understood(("1",), True)


def test_what_may_be_a_wish_to_hear_it_again_is_taken_for_one() -> None:
    may_say = {"1": ("while",), REPEAT: ("whale",)}
    assert understand("whole", may_say, vocabulary()).keys == (REPEAT,)


def test_spaces_and_apostrophes_are_the_recogniser_s() -> None:
    for said, wording in (("silverline", "silver line"), ("silver line", "silverline")):
        assert understand(said, {"1": (wording,)}, vocabulary()).is_sure
    for said, wording in (("lets go", "let's go"), ("let’s go", "lets go")):
        assert is_one_of(said, (wording,), vocabulary())


def test_a_no_before_however_long_a_wording_is_not_sure() -> None:
    wording = "please be so very kind as to put me through to these good people now"
    may_say = {"1": (wording,)}
    assert understand(wording, may_say, vocabulary()).is_sure
    assert not understand(f"no {wording}", may_say, vocabulary()).is_sure


def test_the_recogniser_is_told_the_menu_s_own_words_and_what_keys_are_called(
    real: Edition,
) -> None:
    scene = flow.scene_of(Call(real, NOON, MENUS["helplines"]))
    told = hints(scene.may_say, vocabulary_of(real))
    assert {"Samaritans", "Childline", "someone to talk to", "one", "star"} <= set(told)
    assert "won" not in told
    assert not [hint for hint in told if "," in hint or len(hint) > 100]


def test_the_recogniser_is_told_no_more_than_it_takes() -> None:
    longest = "a " * 49 + "me"
    may_say = {"1": ("Well,  yes", longest, f"{longest}n"), "2": ()}
    told = hints(may_say, vocabulary())
    assert told[:3] == ("Well yes", longest, "one")
    may_say["2"] = tuple(f"section {number}" for number in range(600))
    assert len(hints(may_say, vocabulary())) == 500


# What comes of it


def reached() -> dict[Step, Reply]:
    """Of the line for which the rules of the flow hold as well, where callers may also speak."""
    return line_of("speech").replies


STEPS = st.deferred(lambda: st.sampled_from(sorted(reached(), key=str)))

NEVER = (Reading, Paused, Transfer, Texting, Goodbye)
"""Where only keys are listened to."""


def may_speak(step: Step) -> bool:
    """Whether the line should listen to words here."""
    in_vain = step.misheard == MOST_MISHEARD
    return not (isinstance(step, NEVER) or in_vain)


def forms(reply: Reply) -> set[bool]:
    """The forms in which prompts are said; true is "say or press"."""
    prompts = [text for text in reply.says if text.startswith("<")]
    return {text.startswith("<say ") for text in prompts}


def test_a_menu_that_listens_says_so_and_one_that_does_not_never_does() -> None:
    """Set-wide: every prompt is said as it is true in the place where it is heard."""
    for step, reply in reached().items():
        assert bool(reply.hints) == may_speak(step), step
        if may_speak(step):
            assert forms(reply) == {True}, step
        else:
            assert forms(reply) <= {False}, step
    assert {may_speak(step) for step in reached()} == {True, False}


@pytest.mark.parametrize("has_speech", [True, False])
@pytest.mark.parametrize("menu", MENUS)
def test_the_real_menus_say_so_too_and_only_where_the_provider_has_speech(
    menu: str, has_speech: bool, real: Edition
) -> None:
    abilities = Abilities(speech=has_speech)
    reply = flow.answer(real, MENUS[menu], Silence(), NOON, abilities=abilities)
    words = " ".join(reply.says).casefold().replace(",", "").split()
    assert ("say" in words) == has_speech
    assert ("press" in words) or ("press" in " ".join(words))
    assert bool(reply.hints) == has_speech


def say(line: Edition, step: Step, words: str) -> Reply:
    """What the line does when this is said a second after its words have begun."""
    at = NOON - timedelta(seconds=1)
    return flow.answer(
        line, replace(step, at=round(at.timestamp() * 1000)), Spoken(words), NOON
    )


def test_what_may_mean_two_things_is_asked_about_and_either_can_be_said_or_pressed() -> (
    None
):
    contents = Contents(language="en", article="one")
    asked = say(SPEAKING, contents, "heading")
    options = ("one heading 1", "<say press> 1", "one heading 2", "<say press> 2")
    assert asked.says == ("<say did_you_mean>", *options, "<say back>")
    for answered in ("two", "the second one", "one heading two"):
        reply = say(SPEAKING, asked.step, answered)
        assert "one section 2 sentence 1." in reply.says
    pressed = flow.answer(SPEAKING, asked.step, Pressed("2"), NOON)
    assert "one section 2 sentence 1." in pressed.says
    back = say(SPEAKING, asked.step, "go back")
    assert back.says[0] == "<say option> one heading 1"
    assert not back.step.between


def test_what_is_asked_about_comes_in_the_order_of_the_keys_with_all_the_patience() -> (
    None
):
    line = edition(helplines=(helpline("going back home"),), speech=True)
    step = Helplines(language="en", silences=1)
    asked = say(line, step, "going back")
    assert asked.says[1:4] == ("Going Back Home", "<say press> 1", "go back")
    afresh = flow.answer(line, replace(step, silences=0), KeyLost(), NOON)
    assert asked.wait_s == afresh.wait_s


def test_what_is_asked_about_has_its_own_numbers(real: Edition) -> None:
    """The menu's were three and two; those that are said now count."""
    asked = say(real, MENUS["helplines 2"], "anonymous")
    assert asked.says[1:5] == (
        "Gamblers Anonymous",
        "say or press 1.",
        "Narcotics Anonymous",
        "say or press 2.",
    )
    chosen = say(real, asked.step, "two")
    assert isinstance(chosen.step, OneHelpline)
    assert chosen.step.helpline == "narcotics-anonymous"


def test_what_may_mean_either_of_those_that_are_asked_about_asks_about_the_same(
    real: Edition,
) -> None:
    asked = say(real, MENUS["helplines 2"], "anonymous")
    again = say(real, asked.step, "anonymous")
    assert again.says == ("Sorry, we did not catch that.", *asked.says)
    assert again.step.between == asked.step.between


def test_what_is_not_understood_brings_the_menu_again_then_asks_for_keys() -> None:
    """Only until nobody presses any: then the line listens once more."""
    first = say(SPEAKING, Menu(language="en"), "mumble")
    assert first.says[:2] == ("<say not_understood>", "<say menu_article>")
    second = say(SPEAKING, first.step, "mumble")
    assert second.says[:2] == ("<use_keys>", "<menu_article>")
    assert not second.hints
    assert say(SPEAKING, second.step, "two").says[0] == "<menu_article>"
    pressed = flow.answer(SPEAKING, second.step, Pressed("4"), NOON)
    assert isinstance(pressed.step, Guide)
    assert not pressed.hints
    waited = flow.answer(SPEAKING, second.step, Silence(), NOON)
    assert waited.hints
    assert say(SPEAKING, waited.step, "mumble").says[0] == "<say not_understood>"


def test_what_is_understood_in_between_counts_afresh() -> None:
    first = say(SPEAKING, Menu(language="en"), "mumble")
    guide = say(SPEAKING, first.step, "four")
    assert isinstance(guide.step, Guide)
    assert say(SPEAKING, guide.step, "mumble").hints


def test_noise_does_not_keep_a_call_for_ever() -> None:
    reply = say(SPEAKING, Menu(language="en"), "mumble")
    for _ in range(12):
        if reply.last:
            break
        event = Spoken("mumble") if reply.hints else Silence()
        reply = flow.answer(SPEAKING, reply.step, event, NOON)
    assert reply.last


@pytest.mark.parametrize("words", ["yes", "I'm still here", "Hello?"])
def test_a_yes_to_are_you_still_there_keeps_the_call_and_dials_nobody(
    words: str,
) -> None:
    """Also when a recogniser brings it while the choices are said again."""
    step = OneHelpline(language="en", helpline="first", silences=2)
    for heard_s in (-1, 0, 5):
        at = NOON - timedelta(seconds=heard_s)
        warned = replace(step, at=round(at.timestamp() * 1000))
        reply = flow.answer(SPEAKING, warned, Spoken(words), NOON)
        assert type(reply.step) is OneHelpline
        assert reply.step.silences == 0
        assert reply.dial is None


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (OneHelpline(language="en", helpline="first"), "don't put me through"),
        (Forgetting(language="en"), "don't forget me"),
        (TextConsent(language="en", helpline="first"), "don't text me"),
    ],
    ids=lambda it: getattr(it, "kind", it),
)
def test_words_that_only_sound_like_it_do_nothing_grave(step: Step, words: str) -> None:
    reply = say(SPEAKING, step, words)
    assert reply.says[0] == "<say not_understood>"
    assert type(reply.step) is type(step)


def test_a_caller_who_says_repeat_hears_all_of_it_again() -> None:
    step = OneHelpline(language="en", helpline="first", short=True, silences=1)
    again = say(SPEAKING, step, "say that again")
    assert "For anyone who needs first." in again.says
    assert again.wait_s == flow.answer(SPEAKING, step, Pressed("#"), NOON).wait_s


TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [
                "no",
                "not",
                "dont",
                "put",
                "me",
                "through",
                "yes",
                "one",
                "call",
                "them",
                "please",
                "the",
                "i want",
            ]
        ),
        max_size=6,
    ).map(" ".join),
    st.sampled_from(SAID),
)


@given(words=TEXTS, step=STEPS)
def test_whatever_is_said_anywhere_there_is_a_reply_and_nobody_is_dialled_but_surely(
    words: str, step: Step
) -> None:
    reply = flow.answer(SPEAKING, reached()[step].step, Spoken(words), NOON)
    assert reply.says
    assert reply.wait_s >= 1
    if reply.dial is None:
        return
    assert isinstance(step, OneHelpline)
    assert step.helpline == reply.dial.slug
    assert not {"no", "not", "dont"} & set(words.split())
