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
    "bn": Known("Bengali", "বাংলা"),
    "bg": Known("Bulgarian", "Български"),
    "yue": Known("Cantonese", "粵語"),
    "cs": Known("Czech", "Čeština"),
    "en": Known("English", "English"),
    "fr": Known("French", "Français"),
    "de": Known("German", "Deutsch"),
    "el": Known("Greek", "Ελληνικά"),
    "gu": Known("Gujarati", "ગુજરાતી"),
    "hi": Known("Hindi", "हिन्दी"),
    "hu": Known("Hungarian", "Magyar"),
    "ga": Known("Irish", "Gaeilge"),
    "it": Known("Italian", "Italiano"),
    "lv": Known("Latvian", "Latviešu"),
    "lt": Known("Lithuanian", "Lietuvių"),
    "zh": Known("Mandarin Chinese", "中文", espeak="cmn"),
    "fa": Known("Persian", "فارسی"),
    "pl": Known("Polish", "Polski"),
    "pt": Known("Portuguese", "Português"),
    "pa": Known("Punjabi", "ਪੰਜਾਬੀ"),
    "ro": Known("Romanian", "Română"),
    "ru": Known("Russian", "Русский"),
    "gd": Known("Scottish Gaelic", "Gàidhlig"),
    "sk": Known("Slovak", "Slovenčina"),
    "es": Known("Spanish", "Español"),
    "sw": Known("Swahili", "Kiswahili"),
    "ta": Known("Tamil", "தமிழ்"),
    "tr": Known("Turkish", "Türkçe"),
    "uk": Known("Ukrainian", "Українська"),
    "ur": Known("Urdu", "اردو"),
    "vi": Known("Vietnamese", "Tiếng Việt"),
    "cy": Known("Welsh", "Cymraeg"),
}
"""By code, in the order of their English names."""


def name_of(code: str) -> str:
    """A language as staff call it: `Welsh (cy)`; of one that is not known, its code."""
    if code in KNOWN:
        return f"{KNOWN[code].name} ({code})"
    return code
