// Plays how a spelling sounds before it is saved: at the button, or whenever somebody stops typing.
const WAIT_MS = 800; // after the last key

const part = document.getElementById("try");
const form = part.closest("form");
const told = part.querySelector("[role=status]");
const player = part.querySelector("audio");
const button = part.querySelector("button");
const tick = part.querySelector("input");

let wanted = null; // the address of the sound that was asked for last
let isMaking = false;
let waiting;

part.hidden = false;
button.addEventListener("click", hear);
tick.addEventListener("input", (event) => event.stopPropagation()); // it is no word to be saved
form.addEventListener("input", () => {
  clearTimeout(waiting);
  if (tick.checked) waiting = setTimeout(hear, WAIT_MS);
});

// One sound at a time is made; of those that were asked for meanwhile, only the last.
async function hear() {
  const fields = ["table", "written", "said"].map((name) => [name, form.elements[name].value]);
  wanted = `${part.dataset.address}?${new URLSearchParams(fields)}`;
  if (isMaking) return;
  isMaking = true;
  while (wanted) {
    const address = wanted;
    wanted = null;
    await play(address);
  }
  isMaking = false;
}

async function play(address) {
  told.textContent = "Making the sound …";
  try {
    const answer = await fetch(address);
    const isSound = answer.headers.get("content-type") === "audio/wav";
    if (!isSound) {
      told.textContent = answer.redirected ? "You are no longer signed in." : await answer.text();
      return;
    }
    URL.revokeObjectURL(player.src);
    player.src = URL.createObjectURL(await answer.blob());
    await player.play();
    told.textContent = "";
  } catch {
    told.textContent = "The sound could not be fetched. Try again in a moment.";
  }
}
