// An article's words: the list of its sections follows what somebody types, and a button makes
// headings. The page also works without this.
const PAUSE_MS = 500; // in typing, before the list is made anew
const box = document.getElementById("field-words");
const reading = document.getElementById("reading");
const rate = Number(reading.dataset.rate); // words a second

const MARK = /^\s*(?:[-*+>]|\d+[.)])\s+/; // of a list, or of words that are quoted
const wordsOf = (line) => line.replace(MARK, "").split(/\s+/).filter(Boolean);

function sectionsOf(text) {
  const found = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("## ")) found.push({ heading: line.slice(3).trim(), words: [] });
    else if (found.length) found.at(-1).words.push(...wordsOf(line));
  }
  return found;
}

const keyOf = (section) => [section.heading, ...section.words].join(" ");

// What the server knows of the sections that it sent, to the second where they have sound.
const known = new Map();
const items = [...reading.querySelectorAll("li")];
const sent = sectionsOf(box.defaultValue);
if (sent.length === items.length) {
  sent.forEach((section, number) => {
    const { seconds, exact } = items[number].dataset;
    known.set(keyOf(section), { seconds: Number(seconds), isExact: exact !== undefined });
  });
}

function timed(section) {
  const count = section.words.length + wordsOf(section.heading).length;
  return known.get(keyOf(section)) ?? { seconds: count / rate, isExact: false };
}

const counted = (count, thing) => `${count} ${thing}${count === 1 ? "" : "s"}`;

function about({ seconds, isExact }) {
  const whole = Math.max(Math.round(seconds), 1);
  const minutes = Math.floor(whole / 60);
  const rest = whole % 60;
  const parts = [];
  if (minutes) parts.push(counted(minutes, "minute"));
  if (rest || !minutes) parts.push(counted(rest, "second"));
  return `${isExact ? "" : "about "}${parts.join(" ")}`;
}

function update() {
  let words = 0;
  const all = { seconds: 0, isExact: true };
  const lines = [];
  for (const section of sectionsOf(box.value)) {
    const time = timed(section);
    words += section.words.length;
    all.seconds += time.seconds;
    all.isExact &&= time.isExact;
    const line = document.createElement("li");
    line.textContent = `${section.heading}: ${counted(section.words.length, "word")}, ${about(time)}`;
    lines.push(line);
  }
  reading.querySelector("p").textContent = lines.length
    ? `${counted(words, "word")} in all. Callers listen for ${about(all)}, at the usual speed.`
    : "There are no sections yet.";
  const list = reading.querySelector("ol");
  list.replaceChildren(...lines);
  list.hidden = !lines.length;
}

let waiting;
box.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(update, PAUSE_MS);
});
if (box.value !== box.defaultValue) update(); // a draft was put back

// Headings
const button = document.getElementById("make-heading");
const made = document.getElementById("made-heading");
const MAKES = button.textContent;
const UNMAKES = "Make this heading ordinary words";

function line() {
  const start = box.value.lastIndexOf("\n", box.selectionStart - 1) + 1;
  const next = box.value.indexOf("\n", start);
  const end = next < 0 ? box.value.length : next;
  return { start, end, text: box.value.slice(start, end) };
}

// As if it were typed, so that the browser can undo it.
function put(text, { start, end }) {
  box.focus();
  box.setSelectionRange(start, end);
  if (document.execCommand("insertText", false, text)) return;
  box.setRangeText(text, start, end, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

function name() {
  const label = line().text.startsWith("## ") ? UNMAKES : MAKES;
  if (button.textContent !== label) button.textContent = label;
}

button.addEventListener("click", () => {
  const here = line();
  const words = here.text.replace(/^#+\s*/, "");
  if (here.text.startsWith("## ")) {
    put(words, here);
    made.textContent = "This line is ordinary words now.";
  } else {
    const isFirst = here.start === 0 || box.value.endsWith("\n\n", here.start) || here.start === 1;
    const isLast = here.end === box.value.length || box.value.startsWith("\n\n", here.end);
    const before = isFirst ? "" : "\n";
    put(`${before}## ${words}${isLast ? "" : "\n"}`, here);
    const end = here.start + before.length + 3 + words.length;
    box.setSelectionRange(end, end);
    made.textContent = `This is a section heading now: ${words}`;
  }
  name();
});
document.addEventListener("selectionchange", name);
box.addEventListener("input", name);
box.addEventListener("keyup", name);
