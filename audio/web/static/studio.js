// Sends a form once, and shows how far publishing is; the pages work without this, too.
"use strict";

// The second click of a double click would be refused: the form was already submitted.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => { // also when somebody comes back to it
  for (const form of document.forms) delete form.dataset.sent;
});

const LOOK_MS = 1000;
const shown = document.getElementById("progress");
const state = document.getElementById("state");
const heading = document.querySelector("h1");

async function look() {
  try {
    const answer = await fetch(location.pathname);
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
  } else {
    if (shown.contains(document.activeElement)) state.focus();
    shown.replaceChildren(...found.childNodes);
  }
  state.textContent = page.getElementById("state").textContent.trim();
}

if (shown?.dataset.going) {
  document.getElementById("again").hidden = true;
  setTimeout(look, LOOK_MS);
}
