// A telephone: it runs the line's TwiML as a provider would, and shows the words.
"use strict";

const page = document.getElementById("handset");
const part = (id) => document.getElementById(id);
const keys = [...document.querySelectorAll("[data-key]")];
const SAID_MS_PER_WORD = 350; // where a browser has no voice of its own for <Say>
const RETRIES = 30; // a minute without a connection; a repeated request does no harm
const RETRY_MS = 2000;
const LONG_TEXT = 110; // characters that fit the screen in large print

let call = null; // the call in progress; whatever belongs to an earlier one is dropped

class Call {
  constructor() {
    this.audio = new Audio();
    this.verbs = [];
    this.action = null; // where a key goes
    this.turn = 0; // rises with each reply and key; whatever waits for an earlier one stops
    this.began = Date.now();
    this.clock = setInterval(() => showTime(Date.now() - this.began), 1000);
    this.audio.volume = part("volume").value;
  }

  async ask(url, event) {
    const turn = this.quiet();
    this.action = null;
    const answer = await this.answer(url, event, turn);
    if (!answer) return;
    const text = await answer.text();
    if (!this.is(turn)) return;
    this.verbs = [...new DOMParser().parseFromString(text, "text/xml").documentElement.children];
    this.goOn();
  }

  // What the line answers, when the connection is back, if it is lost.
  async answer(url, event, turn) {
    for (let tries = 0; tries < RETRIES && this.is(turn); tries++) {
      try {
        const answer = await fetch(url, { method: "POST", body: new URLSearchParams(event) });
        if (answer.ok) return answer;
        if (answer.status !== 429 && answer.status < 500) break;
      } catch { /* there is no connection */ }
      if (!this.is(turn)) return null;
      state("The connection was lost. Trying again.");
      await this.wait(RETRY_MS);
    }
    if (this.is(turn)) end("The line cannot be reached at the moment. The numbers are below.");
    return null;
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
    name(this.action);
    listenToWords((verb.getAttribute("input") ?? "").includes("speech"));
    state("Connected.");
    for (const said of verb.children) {
      if (said.tagName === "Play") await this.play(said.textContent, turn);
      else await this.say(said.textContent, said.getAttribute("language"), turn);
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
    const cues = captions.trim().split("\n\n").slice(1).map(parsed);
    const tell = () => {
      while (cues.length && cues[0].start <= this.audio.currentTime) {
        const cue = cues.shift();
        say(cue.text, cue.language);
      }
    };
    const telling = setInterval(tell, 100);
    await played;
    clearInterval(telling);
    if (this.is(turn)) tell();
  }

  // Says what has no sound with the browser's own voice, if there is one.
  async say(text, language, turn) {
    say(text, language);
    const least = this.wait(SAID_MS_PER_WORD * text.split(/\s+/).length);
    if (window.speechSynthesis) {
      const utterance = new SpeechSynthesisUtterance(text);
      utterance.lang = language ?? "";
      speechSynthesis.speak(utterance);
    }
    await least;
  }

  dial(verb) {
    this.action = verb.getAttribute("action");
    listenToWords(false);
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
    tone(key);
    this.ask(this.action, { Digits: key });
  }

  speak(words) {
    if (words && this.action) this.ask(this.action, { SpeechResult: words });
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

  over() {
    this.quiet();
    clearInterval(this.clock);
  }

  is(turn) {
    return call === this && this.turn === turn;
  }

  wait(ms) {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }
}

function parsed(cue) {
  const [times, ...text] = cue.split("\n");
  const [hours, minutes, seconds] = times.split(" --> ")[0].split(":").map(Number);
  const plain = new DOMParser().parseFromString(text.join(" "), "text/html").body.textContent;
  const language = /^<lang ([^>]*)>/.exec(text[0])?.[1];
  return { text: plain, language, start: (hours * 60 + minutes) * 60 + seconds };
}

// Shows what is being said now, in its language where there are several; the list keeps it.
function say(text, language) {
  const list = part("words");
  const item = document.createElement("li");
  item.textContent = text;
  if (language) item.lang = part("now").lang = part("announced").lang = language;
  list.querySelector("[aria-current]")?.removeAttribute("aria-current");
  item.setAttribute("aria-current", "true");
  list.append(item);
  list.scrollTop = list.scrollHeight;
  part("quiet").hidden = true;
  part("now").textContent = text;
  part("now").classList.toggle("long", text.length > LONG_TEXT);
  part("now").scrollTop = 0;
  if (part("aloud").checked) part("announced").textContent = text;
}

// Each key by what it does where the caller is now.
async function name(action) {
  const here = call;
  let names = {};
  if (action) {
    const keysHere = action.replace(page.dataset.call, page.dataset.keys);
    names = await fetch(keysHere).then((answer) => answer.json()).catch(() => ({}));
    if (call !== here || call?.action !== action) return;
  }
  for (const button of keys) {
    button.querySelector(".what").textContent = names[button.dataset.key] ?? "";
  }
}

// Offers to type words, where the line listens to them as well as to keys.
function listenToWords(does) {
  if (part("speech").contains(document.activeElement) && !does) keys[0].focus();
  part("speech").hidden = !does;
}

function showTime(ms) {
  const seconds = Math.floor(ms / 1000);
  const two = (number) => String(number).padStart(2, "0");
  part("time").textContent = `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

// The two tones of a key (ITU-T Q.23).
const ROWS_HZ = [697, 770, 852, 941];
const COLUMNS_HZ = [1209, 1336, 1477];
const TONE_S = 0.12;
let sound = null;

function tone(key) {
  if (!part("tones").checked) return;
  sound ??= new AudioContext();
  const place = "123456789*0#".indexOf(key);
  const level = new GainNode(sound, { gain: 0.08 * part("volume").value });
  level.connect(sound.destination);
  for (const frequency of [ROWS_HZ[Math.floor(place / 3)], COLUMNS_HZ[place % 3]]) {
    const hum = new OscillatorNode(sound, { frequency });
    hum.connect(level);
    hum.start();
    hum.stop(sound.currentTime + TONE_S);
  }
}

function state(text) {
  if (part("state").textContent !== text) part("state").textContent = text;
}

function start() {
  call = new Call();
  for (const button of [...keys, part("hang-up")]) button.disabled = false;
  part("call").disabled = true;
  part("words").replaceChildren();
  part("now").textContent = "";
  showTime(0);
  name(null);
  part("keys").querySelector("button").focus();
  state("Ringing.");
  call.ask(page.dataset.call, {});
}

function end(text) {
  call?.over();
  call = null;
  name(null);
  listenToWords(false);
  part("words").querySelector("[aria-current]")?.removeAttribute("aria-current");
  part("transfer").hidden = true;
  part("call").disabled = false;
  part("call").focus();
  for (const button of [...keys, part("hang-up")]) button.disabled = true;
  state(text);
}

// The list needs a stop for the Tab key only once it scrolls.
function offerToScroll() {
  const list = part("words");
  list.tabIndex = list.scrollHeight > list.clientHeight ? 0 : -1;
}

new ResizeObserver(offerToScroll).observe(part("words"));
name(null);
part("volume").addEventListener("input", () => {
  if (call) call.audio.volume = part("volume").value;
});
navigator.serviceWorker?.register("/offline.js").catch(() => {}); // not without HTTPS
part("call").addEventListener("click", start);
part("hang-up").addEventListener("click", () => end("You have hung up."));
for (const button of keys) button.addEventListener("click", () => call?.press(button.dataset.key));
for (const button of document.querySelectorAll("[data-outcome]")) {
  button.addEventListener("click", () => call?.outcome(button.dataset.outcome, button.dataset.seconds));
}
part("speech").addEventListener("submit", (event) => {
  event.preventDefault();
  call?.speak(part("said-instead").value.trim());
  part("said-instead").value = "";
});
document.addEventListener("keydown", (event) => {
  if (event.target === part("said-instead")) return;
  const button = keys.find((each) => each.dataset.key === event.key);
  if (!call || event.ctrlKey || event.altKey || event.metaKey) return;
  if (!button && event.key !== "Enter") return;
  // A key that is held down is pressed once, as on a telephone; Enter on a button, too.
  if (button || event.repeat) event.preventDefault();
  if (!button || event.repeat) return;
  call.press(event.key);
});
