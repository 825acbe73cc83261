// Sends a form once, and shows how far publishing, or sound to listen to, is; the pages work without
// this, too.
"use strict";

// The second click of a double click would be refused: the form was already submitted.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => { // also when somebody comes back to it
  for (const form of document.forms) delete form.dataset.sent;
});

// Lists are filtered while somebody types; the button does the same without a script.
for (const field of document.querySelectorAll("[data-filters]")) {
  field.addEventListener("input", () => filter(field));
}

function filter(field) {
  const words = field.value.toLowerCase().split(/\s+/);
  const list = document.getElementById(field.dataset.filters);
  let count = 0;
  for (const section of list.querySelectorAll("section")) {
    const heading = section.querySelector("h2").textContent;
    for (const item of section.querySelectorAll("li")) {
      const text = `${heading} ${item.textContent}`.toLowerCase();
      item.hidden = !words.every((word) => text.includes(word));
      if (!item.hidden) count += 1;
    }
    section.hidden = !section.querySelector("li:not([hidden])");
  }
  document.getElementById("found").textContent = field.value.trim() && `${count} found.`;
}

// Says how much room is left once there is little.
for (const field of document.querySelectorAll("[data-most]")) {
  const told = document.createElement("span");
  told.className = "hint";
  told.setAttribute("role", "status");
  field.after(told);
  const count = () => tell(told, field.dataset.most - field.value.length, field.dataset.most);
  field.addEventListener("input", count);
  count();
}

function tell(told, left, most) {
  told.classList.toggle("wrong", left < 0);
  if (left < 0) told.textContent = `Too long. Characters over the limit: ${-left}.`;
  else if (left < most / 5) told.textContent = `Room for ${left} more characters.`;
  else told.textContent = "";
}

// What is in view whole needs no stop for the Tab key.
const stops = new ResizeObserver((regions) => {
  for (const { target } of regions) {
    const { clientHeight, clientWidth, scrollHeight, scrollWidth } = target;
    const scrolls = scrollHeight > clientHeight || scrollWidth > clientWidth;
    target.tabIndex = scrolls ? 0 : -1;
  }
});
function watch() {
  for (const region of document.querySelectorAll("main [tabindex='0']")) stops.observe(region);
}
watch();

// The menu is one line where there is room; else it opens when it is asked for.
const menu = document.querySelector(".menu");
const isNarrow = window.matchMedia("(max-width: 60rem)");
function fold() {
  if (!menu) return;
  menu.open = !isNarrow.matches;
  menu.classList.add("folded");
}
isNarrow.addEventListener("change", fold);
fold();

const LOOK_MS = 1000;
const shown = document.getElementById("progress");
const state = document.getElementById("state");
const again = document.getElementById("again");
const heading = document.querySelector("h1");

async function look() {
  try {
    const answer = await fetch(shown.dataset.at ?? location.pathname);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.getElementById("progress")) return location.reload(); // signed out meanwhile
    update(page);
  } catch {
    // The server may be restarting; it is asked again.
  }
  if (shown.dataset.going) setTimeout(look, LOOK_MS);
}

function update(page) {
  const found = page.getElementById("progress");
  const bars = [shown, found].map((part) => part.querySelector("progress"));
  document.title = page.title;
  heading.textContent = page.querySelector("h1").textContent;
  shown.dataset.going = found.dataset.going;
  if (bars[0] && bars[1]) {
    bars[0].max = bars[1].max;
    if (bars[1].hasAttribute("value")) bars[0].value = bars[1].value;
    // Announced at every tenth only: a screen reader would talk without end.
    const tenth = String(Math.floor(bars[1].position * 10));
    if (shown.dataset.tenth === tenth) return;
    shown.dataset.tenth = tenth;
  } else if (isHeard()) {
    again.hidden = false;
  } else {
    if (shown.contains(document.activeElement)) state.focus();
    shown.replaceChildren(...found.childNodes);
    watch();
  }
  state.textContent = page.getElementById("state").textContent.trim();
}

// Nothing is taken away from under somebody who listens.
function isHeard() {
  const sounds = [...shown.querySelectorAll("audio")];
  return sounds.some((sound) => !sound.paused || sound === document.activeElement);
}

if (shown?.dataset.going) {
  again.hidden = true;
  setTimeout(look, LOOK_MS);
}
