// Shows how far publishing is, without reloading; the page works without this, too.
"use strict";

const LOOK_MS = 1000;
const shown = document.getElementById("progress");

async function look() {
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById("progress");
    if (found) update(found);
  } catch {
    // The server may be starting again; it is asked again.
  }
  if (shown.dataset.going) setTimeout(look, LOOK_MS);
}

function update(found) {
  const bars = [shown, found].map((part) => part.querySelector("progress"));
  const told = [shown, found].map((part) => part.querySelector("#told"));
  shown.dataset.going = found.dataset.going;
  if (bars[0] && bars[1]) {
    bars[0].max = bars[1].max;
    if (bars[1].hasAttribute("value")) bars[0].value = bars[1].value;
    // Heard aloud at every tenth only: a screen reader would talk without end.
    const tenth = (bar) => Math.floor((bar.position * 100) / 10);
    if (shown.dataset.tenth !== String(tenth(bars[1]))) {
      shown.dataset.tenth = tenth(bars[1]);
      told[0].textContent = told[1].textContent;
    }
  } else {
    shown.innerHTML = found.innerHTML;
  }
}

if (shown.dataset.going) {
  document.getElementById("again").hidden = true;
  setTimeout(look, LOOK_MS);
}
