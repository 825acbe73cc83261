"""Where engines keep files: in the installation's folder, which git ignores."""

from pathlib import Path

INSTANCE = Path(__file__).resolve().parents[2] / "instance"

GOOGLE_SOUNDS = INSTANCE / "gtts"
"""Every sound that Google gave, as MP3, for ever. Remove it to ask for all of them again."""

VOICE_FILES = INSTANCE / "voices"
"""Voices that are files: Piper's `en_GB-alba-medium.onnx` and `en_GB-alba-medium.onnx.json`,
those of hibari but for `heart`, and Kokoro's."""
