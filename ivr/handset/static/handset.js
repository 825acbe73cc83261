// A telephone: it runs the line's TwiML as a provider would, and shows the words.
"use strict";

const page = document.getElementById("handset");
const part = (id) => document.getElementById(id);
const keys = [...document.querySelectorAll("[data-key]")];
const SAID_MS_PER_WORD = 350; // where a browser has no voice of its own for <Say>

let call = null; // the call in progress; whatever belongs to an earlier one is dropped

class Call {
  constructor() {
    this.audio = new Audio();
    this.verbs = [];
    this.action = null; // where a key goes
    this.turn = 0; // rises with each reply and key; whatever waits for an earlier one stops
  }

  async ask(url, event) {
    const turn = this.quiet();
    this.action = null;
    let answer;
    try {
      answer = await fetch(url, { method: "POST", body: new URLSearchParams(event) });
      if (!answer.ok) throw new Error(String(answer.status));
    } catch {
      if (this.is(turn)) end("The line cannot be reached at the moment. The numbers are below.");
      return;
    }
    const text = await answer.text();
    if (!this.is(turn)) return;
    this.verbs = [...new DOMParser().parseFromString(text, "text/xml").documentElement.children];
    this.goOn();
  }

  goOn() {
    const verb = this.verbs.shift();
    if (!verb || verb.tagName === "Hangup") return end("The line has hung up.");
    if (verb.tagName === "Redirect") return this.ask(verb.textContent, {});
    if (verb.tagName === "Dial") return this.dial(verb);
    if (verb.tagName === "Gather") return this.gather(verb);
    return this.gather({ children: [verb], getAttribute: () => null });
  }

  async gather(verb) {
    const turn = this.turn;
    this.action = verb.getAttribute("action");
    part("words").replaceChildren();
    state("Connected.");
    for (const said of verb.children) {
      if (said.tagName === "Play") await this.play(said.textContent, turn);
      else await this.say(said.textContent, turn);
      if (!this.is(turn)) return;
    }
    state("The line is listening for a key.");
    await this.wait(1000 * Number(verb.getAttribute("timeout") || 5));
    if (this.is(turn)) this.goOn();
  }

  // Plays a sound, and marks the words that are being said.
  async play(url, turn) {
    const played = new Promise((resolve) => {
      this.audio.onended = this.audio.onerror = resolve;
      this.stopped = resolve;
      this.audio.src = url;
      this.audio.play().catch(resolve);
    });
    const captions = await fetch(url.replace(/\.wav$/, ".vtt"))
      .then((answer) => answer.text()).catch(() => "");
    if (!this.is(turn)) return;
    const cues = captions.trim().split("\n\n").slice(1).map(show);
    const marking = setInterval(() => {
      const now = this.audio.currentTime;
      mark(cues.findLast((cue) => cue.start <= now));
    }, 100);
    await played;
    clearInterval(marking);
  }

  // Says what has no sound with the browser's own voice, if there is one.
  async say(text, turn) {
    mark(show(`00:00:00.000 --> 00:00:00.000\n${text}`));
    if (!this.is(turn)) return;
    const least = this.wait(SAID_MS_PER_WORD * text.split(/\s+/).length);
    if (window.speechSynthesis) speechSynthesis.speak(new SpeechSynthesisUtterance(text));
    await least;
  }

  dial(verb) {
    this.action = verb.getAttribute("action");
    const number = verb.textContent.trim();
    part("number").textContent = // as it is printed
      document.querySelector(`.helplines [href="tel:${number}"]`)?.textContent ?? number;
    part("tel").href = `tel:${number}`;
    part("transfer").hidden = false;
    state("Putting you through. Choose how the call goes.");
    part("transfer-heading").focus();
  }

  press(key) {
    if (!part("transfer").hidden) return key === "*" ? this.outcome("canceled") : undefined;
    if (!this.action) return;
    this.ask(this.action, { Digits: key });
  }

  outcome(status, seconds) {
    part("transfer").hidden = true;
    part("hang-up").focus();
    const event = { DialCallStatus: status };
    if (seconds) event.DialCallDuration = seconds;
    this.ask(this.action, event);
  }

  // Stops whatever is being said; the new turn's number.
  quiet() {
    this.audio.pause();
    window.speechSynthesis?.cancel();
    this.stopped?.();
    return ++this.turn;
  }

  is(turn) {
    return call === this && this.turn === turn;
  }

  wait(ms) {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }
}

function show(cue) {
  const [times, ...text] = cue.split("\n");
  const [hours, minutes, seconds] = times.split(" --> ")[0].split(":").map(Number);
  const item = document.createElement("li");
  const plain = new DOMParser().parseFromString(text.join(" "), "text/html").body.textContent;
  item.textContent = plain;
  part("words").append(item);
  return { item, start: (hours * 60 + minutes) * 60 + seconds };
}

function mark(cue) {
  if (!cue || cue.item.hasAttribute("aria-current")) return;
  part("words").querySelector("[aria-current]")?.removeAttribute("aria-current");
  cue.item.setAttribute("aria-current", "true");
  if (part("aloud").checked) part("announced").textContent = cue.item.textContent;
  const list = part("words");
  list.scrollTop = cue.item.offsetTop - list.offsetTop - list.clientHeight / 3;
}

function state(text) {
  if (part("state").textContent !== text) part("state").textContent = text;
}

function start() {
  call = new Call();
  for (const button of [...keys, part("hang-up")]) button.disabled = false;
  part("call").disabled = true;
  part("said").hidden = false;
  part("keys").querySelector("button").focus();
  state("Ringing.");
  call.ask(page.dataset.call, {});
}

function end(text) {
  call?.quiet();
  call = null;
  part("transfer").hidden = true;
  part("call").disabled = false;
  part("call").focus();
  for (const button of [...keys, part("hang-up")]) button.disabled = true;
  state(text);
}

part("phone").hidden = false;
part("call").addEventListener("click", start);
part("hang-up").addEventListener("click", () => end("You have hung up."));
for (const button of keys) button.addEventListener("click", () => call?.press(button.dataset.key));
for (const button of document.querySelectorAll("[data-outcome]")) {
  button.addEventListener("click", () => call?.outcome(button.dataset.outcome, button.dataset.seconds));
}
document.addEventListener("keydown", (event) => {
  const button = keys.find((each) => each.dataset.key === event.key);
  if (!call || event.ctrlKey || event.altKey || event.metaKey) return;
  if (!button && event.key !== "Enter") return;
  // A key that is held down is pressed once, as on a telephone; Enter on a button, too.
  if (button || event.repeat) event.preventDefault();
  if (!button || event.repeat) return;
  call.press(event.key);
});
