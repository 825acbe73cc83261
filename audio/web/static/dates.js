// Dates with what each is, as rows of fields. The rows write the box, which is what the form sends; so
// the page works without this, too.
const shown = document.querySelector("[data-dates]");
const box = document.getElementById(shown.dataset.dates);
const typing = box.closest("details");
typing.open = "wanted" in typing.dataset;

const add = document.getElementById("date-add").content.cloneNode(true).firstChild;
const list = document.createElement("div");
shown.append(list, add);
let isWriting = false;

function row(line) {
  const made = document.getElementById("date-row").content.firstElementChild.cloneNode(true);
  const [, day, called] = line.match(/^(\S*)\s*(.*)$/);
  made.querySelector("[data-day]").value = day;
  made.querySelector("[data-called]").value = called;
  named(made);
  return made;
}

function named(made) {
  const day = made.querySelector("[data-day]").value;
  made.setAttribute("aria-label", day || "A new date");
}

function show() {
  const lines = box.value.split("\n").filter((line) => line.trim());
  list.replaceChildren(...lines.map((line) => row(line.trim())));
}

function write() {
  const lines = [...list.children].map((made) => {
    named(made);
    const [day, called] = made.querySelectorAll("input");
    return `${day.value} ${called.value}`.trim();
  });
  box.value = lines.filter(Boolean).join("\n");
  isWriting = true;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  isWriting = false;
}

list.addEventListener("input", (event) => {
  event.stopPropagation();
  write();
});
list.addEventListener("click", (event) => {
  if (event.target.closest("button")?.dataset.do !== "remove") return;
  const gone = event.target.closest(".dated");
  const next = gone.nextElementSibling || gone.previousElementSibling;
  gone.remove();
  write();
  (next?.querySelector("input") || add.querySelector("button")).focus();
});
add.addEventListener("click", () => {
  list.append(row(""));
  list.lastElementChild.querySelector("input").focus();
});
// Typed by hand, or brought back from a draft.
box.addEventListener("input", () => {
  if (!isWriting) show();
});
show();
