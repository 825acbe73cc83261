"""The languages that staff can add: those that eSpeak NG, which comes with the line, can speak."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """A language, as staff and its speakers call it."""

    name: str
    """In English."""
    own_name: str
    espeak: str = ""
    """What eSpeak calls it, where that is not its code."""


KNOWN = {
    "ar": Known("Arabic", "العربية"),
    "bg": Known("Bulgarian", "Български"),
    "bn": Known("Bengali", "বাংলা"),
    "cs": Known("Czech", "Čeština"),
    "cy": Known("Welsh", "Cymraeg"),
    "de": Known("German", "Deutsch"),
    "el": Known("Greek", "Ελληνικά"),
    "en": Known("English", "English"),
    "es": Known("Spanish", "Español"),
    "fa": Known("Persian", "فارسی"),
    "fr": Known("French", "Français"),
    "ga": Known("Irish", "Gaeilge"),
    "gd": Known("Scottish Gaelic", "Gàidhlig"),
    "gu": Known("Gujarati", "ગુજરાતી"),
    "hi": Known("Hindi", "हिन्दी"),
    "hu": Known("Hungarian", "Magyar"),
    "it": Known("Italian", "Italiano"),
    "lt": Known("Lithuanian", "Lietuvių"),
    "lv": Known("Latvian", "Latviešu"),
    "pa": Known("Punjabi", "ਪੰਜਾਬੀ"),
    "pl": Known("Polish", "Polski"),
    "pt": Known("Portuguese", "Português"),
    "ro": Known("Romanian", "Română"),
    "ru": Known("Russian", "Русский"),
    "sk": Known("Slovak", "Slovenčina"),
    "sw": Known("Swahili", "Kiswahili"),
    "ta": Known("Tamil", "தமிழ்"),
    "tr": Known("Turkish", "Türkçe"),
    "uk": Known("Ukrainian", "Українська"),
    "ur": Known("Urdu", "اردو"),
    "vi": Known("Vietnamese", "Tiếng Việt"),
    "yue": Known("Cantonese", "粵語"),
    "zh": Known("Mandarin Chinese", "中文", espeak="cmn"),
}
"""By code."""


def name_of(code: str) -> str:
    """A language as staff call it: `Welsh (cy)`; of one that is not known, its code."""
    if code in KNOWN:
        return f"{KNOWN[code].name} ({code})"
    return code
