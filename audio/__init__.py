"""The studio: what must be said, how it is spoken, and the clips, all before any call.

Of `ivr` it imports the content's and the edition's objects alone (`ivr.content`,
`ivr.edition`, `ivr.places`, `ivr.counts`, `ivr.exceptions`), and nothing of it runs while a
caller waits.

In the order in which words become sound: `source` (the content folder, checked),
`utterances` (all that can be said), `speakable` (as words that a voice gets right),
`voices` (text to sound), `mastering` (sound to clips, by the numbers of `recipe`),
`render` (whatever clips are missing, by `workers`, each clip passing `checks`) and `publish`
(the edition goes live). Before all of
that, `importing` makes an article of a page or a text, for a person to review. `web` is where
staff do all this in a browser: `kinds` and `editing` change the content's files for it.
"""
