// Keeps what is typed into a form in this browser until it is saved: across reloading, a closed tab
// and signing in again. The browser asks before leaving unsaved words. The pages also work
// without this.
const SENT = "draft that was sent";
const WAIT_MS = 300; // after the last key, so that nobody notices the writing

const keyOf = (form) => `draft of ${form.dataset.draft}`;
const forms = [...document.querySelectorAll("form[data-draft]")];
let dirty = false;
let isRestoring = false;

function typed(form) {
  const values = {};
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden" || field.tagName === "BUTTON") continue;
    values[field.name] = field.type === "checkbox" ? field.checked : field.value;
  }
  return values;
}

function keep(form) {
  dirty = true;
  const draft = { was: form.elements.was.value, values: typed(form), when: Date.now() };
  try {
    localStorage.setItem(keyOf(form), JSON.stringify(draft));
  } catch {
    // There is no room, or the browser keeps nothing: leaving still asks.
  }
}

function kept(form) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(form)));
  } catch {
    return null;
  }
}

// Puts a draft into its form. The mark of what it began with goes along, so that the page
// notices whatever somebody else saved meanwhile.
function restore(form, draft) {
  isRestoring = true; // the counters of the fields listen, too
  for (const [name, value] of Object.entries(draft.values)) {
    const field = form.elements[name];
    if (!field) continue;
    if (field.type === "checkbox") field.checked = value;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  form.elements.was.value = draft.was;
  isRestoring = false;
}

function tell(form, draft) {
  const saved = typed(form);
  const was = form.elements.was.value;
  const told = document.createElement("div");
  told.className = "message";
  told.setAttribute("role", "status");
  const words = document.createElement("p");
  const when = new Date(draft.when).toLocaleString([], { dateStyle: "long", timeStyle: "short" });
  words.textContent = `These are your words of ${when}. They are not saved yet.`;
  const back = document.createElement("button");
  back.type = "button";
  back.textContent = "Show what is saved instead";
  back.addEventListener("click", () => {
    restore(form, { values: saved, was });
    forget(keyOf(form));
    told.remove();
    form.querySelector("input:not([type=hidden]), textarea, select").focus();
  });
  told.append(words, back);
  form.before(told);
}

function forget(key) {
  dirty = false;
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}

// A form that was sent is saved once a page says so.
const sent = sessionStorage.getItem(SENT);
if (sent && document.querySelector("[data-saved]")) forget(sent);
sessionStorage.removeItem(SENT);

for (const form of forms) {
  const draft = kept(form);
  const isTyped = "typed" in form.dataset; // the page came back with what was typed
  if (draft && !isTyped && JSON.stringify(draft.values) !== JSON.stringify(typed(form))) {
    tell(form, draft);
    restore(form, draft);
    dirty = true;
  }
  let waiting;
  form.addEventListener("input", () => {
    if (isRestoring) return;
    dirty = true;
    clearTimeout(waiting);
    waiting = setTimeout(() => keep(form), WAIT_MS);
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    if (dirty) keep(form);
    sessionStorage.setItem(SENT, keyOf(form));
    dirty = false;
  });
  if (isTyped) keep(form);
  window.addEventListener("pagehide", () => {
    if (dirty) keep(form);
  });
}

window.addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});
