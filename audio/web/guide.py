"""The short guide to the studio: a line of help on each page, and a page with more about each."""

from dataclasses import dataclass

from flask import render_template, request

from audio.web.pages import pages


@dataclass(frozen=True)
class Topic:
    """What one page is for."""

    title: str
    line: str
    """A line, on the page itself."""
    more: str
    """What else helps, in the guide."""
    address: str
    """Where it is in the guide."""


@pages.get("/guide")
def guide() -> str:
    """All of it on one page."""
    topics = {topic.address: topic for topic in TOPICS.values()}
    return render_template("studio/guide.html", topics=topics.values())


@pages.context_processor
def help_here() -> dict[str, Topic | None]:
    """What is said about the page that is asked for."""
    view = (request.endpoint or "").rpartition(".")[2]
    kind = (request.view_args or {}).get("kind", "")
    return {"topic": TOPICS.get(f"{view} {kind}") or TOPICS.get(view)}


ON_THE_AIR = Topic(
    "On the air",
    "What callers hear now, and what waits.",
    "Begin here. Callers never hear what is saved until somebody publishes it. If something is"
    " overdue, such as a helpline that nobody has checked for 90 days, this page says so.",
    "on-the-air",
)
NOTICE = Topic(
    "A notice",
    "A sentence for a few days, said after the welcome.",
    "Say until when: after that it goes by itself. It is on the air within seconds, and so is"
    " everything else that is saved.",
    "notice",
)
ARTICLES = Topic(
    "Articles",
    "What the line reads, the newest first.",
    "Add one, or bring one in from a web page or a file. In its form, a line that begins with ##"
    " is the heading of a section; an empty line begins a paragraph. Callers choose sections, so"
    " keep them to a few minutes each.",
    "articles",
)
PROMPTS = Topic(
    "Prompts",
    "What the line itself says, in the order of a call.",
    "Search for a word that you heard. Keep what stands in {braces}: the line fills it in. The"
    " name of a key stays in the sentence, so that callers know what to press.",
    "prompts",
)
HELPLINES = Topic(
    "Helplines",
    "The people to whom callers can be put through.",
    "Look up the number and the hours with the helpline itself, then note that you checked them."
    " The line says whether a helpline is open now, so its hours must be right on every day of"
    " the year.",
    "helplines",
)
PRONUNCIATIONS = Topic(
    "Pronunciations",
    "How words, short forms and signs are said.",
    "Write the word as it stands in the text, and how it sounds: COPE, cope. Listen to it before"
    " you save.",
    "pronunciations",
)
PUBLISH = Topic(
    "Publishing",
    "Listen to what will change, then put it on the air.",
    "New callers hear the new words as soon as it is done; calls in progress go on as they began."
    " If anything goes wrong, nothing changes for callers. You can close the page meanwhile.",
    "publishing",
)
EDITIONS = Topic(
    "Editions",
    "Everything that was on the air, to go back to.",
    "Going back takes seconds. The words in the forms stay as they are, so publishing again would"
    " bring them back; an edition's own words can be put into the forms too.",
    "editions",
)
CHANGES = Topic(
    "Changes",
    "Who saved what and when, to look at and to undo.",
    "Undoing a save puts the words before it back into the forms. Publish to let callers hear"
    " them.",
    "changes",
)
LISTENING = Topic(
    "Listening",
    "What callers will hear, at any speed.",
    "This is the telephone's own sound. If a word is wrong, change how it is said under"
    " Pronunciations, or write it differently.",
    "listening",
)
RECORDING = Topic(
    "Recordings",
    "A person's voice in place of the computer's.",
    "Read exactly the words that are shown, in a quiet room. If the words change later, the"
    " computer reads them until somebody records them again.",
    "recordings",
)
VOICES = Topic(
    "Voices",
    "The voice that reads, from those that are installed.",
    "Let each say the same sentence, choose one, and publish. Everything is made again in the"
    " new voice, which takes a while.",
    "voices",
)
THE_LINE = Topic(
    "The line",
    "What holds for every language.",
    "The line's name, its country, its speeds, and the public holidays on which helplines have"
    " other hours.",
    "the-line",
)
LANGUAGES = Topic(
    "Languages",
    "The languages that callers can choose.",
    "A new language begins as a copy. Callers are offered it only once everything is translated.",
    "languages",
)
CALL_MAP = Topic(
    "The call map",
    "Every step of a call, and where each key leads.",
    "Follow a call from the welcome by its keys.",
    "call-map",
)
USE = Topic(
    "How it is used",
    "How many rang, and what they chose.",
    "Nobody can tell who rang. Small numbers are left out for that reason.",
    "use",
)
READY = Topic(
    "Ready to go live?",
    "Everything that a launch needs.",
    "Most faults are for an operator to mend.",
    "ready",
)

TOPICS = {
    "status": ON_THE_AIR,
    "notice": NOTICE,
    "change_notice": NOTICE,
    "bring_in": ARTICLES,
    "read_in": ARTICLES,
    "publish": PUBLISH,
    "publishing": PUBLISH,
    "editions": EDITIONS,
    "words_of_an_edition": EDITIONS,
    "saves": CHANGES,
    "waiting": CHANGES,
    "changes_of": CHANGES,
    "changes_of_a_thing": CHANGES,
    "listen": LISTENING,
    "recording": RECORDING,
    "send_recording": RECORDING,
    "voices": VOICES,
    "line": THE_LINE,
    "change_line": THE_LINE,
    "languages": LANGUAGES,
    "language": LANGUAGES,
    "call_map": CALL_MAP,
    "use": USE,
    "ready": READY,
}
"""By the page's function; and those of things, with their kind."""

for things in (ARTICLES, PROMPTS, HELPLINES, PRONUNCIATIONS):
    for view in ("entries", "edit", "change"):
        TOPICS[f"{view} {things.address}"] = things
