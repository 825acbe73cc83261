// Opening hours and dates by fields, which write the line's own form into the box where it is typed.
// The box is what the form sends: the page also works without this.
const WEEK = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const WAIT_MS = 300; // after the last key, before the server is asked what was typed
const ALL_DAY = "00:00-24:00";
const AT_TIMES = "times";
const MIDNIGHT = "00:00";

const TOLD = "[data-told]";
const DAYS = "[data-days]";
const PICTURE = "[data-picture]";
const UNKNOWN = "The fields and the picture cannot show this just now. What you typed is saved as it is.";

const LONG = { dateStyle: "long", timeZone: "UTC" };

const all = (part, selector) => [...part.querySelectorAll(selector)];
const choiceOf = (day) => day.querySelector("[data-choice]");
const daysOf = (group) => all(group.querySelector(DAYS), "[data-day]");

let places = 0; // where it is told what is wrong

// What a day's fields say: a word, or the hours of each stretch. What is incomplete is left out,
// and cannot be sent.
function hoursOf(day) {
  const choice = choiceOf(day).value;
  const hours = choice === AT_TIMES ? all(day, "[data-times]").map(stretch) : [choice];
  return hours.filter(Boolean);
}

function stretch(times) {
  const [from, to] = all(times, "input").map((input) => input.value);
  if (!from || !to) return "";
  return `${from}-${to === MIDNIGHT ? "24:00" : to}`;
}

// Mon-Fri 09:00-21:00, a line for each stretch.
function week(days) {
  const open = new Map();
  for (const day of days) {
    for (const hours of hoursOf(day)) open.set(hours, [...(open.get(hours) ?? []), day.dataset.day]);
  }
  const lines = [...open].map(([hours, names]) => `${together(names)} ${hours}`);
  if (lines.join() === `daily ${ALL_DAY}`) return "always";
  return lines.join("\n");
}

function together(names) {
  const rows = [];
  for (const name of names) {
    const row = rows.at(-1);
    const isNext = row && WEEK.indexOf(name) === WEEK.indexOf(row.at(-1)) + 1;
    if (isNext) row.push(name);
    else rows.push([name]);
  }
  if (rows[0].length === WEEK.length) return "daily";
  return rows.map((row) => (row.length > 2 ? `${row[0]}-${row.at(-1)}` : row.join())).join();
}

// 2026-12-28/2027-01-04 10:00-12:00, 14:00-16:00
function dated(day) {
  const first = day.querySelector("[data-first]").value;
  const last = day.querySelector("[data-last]").value;
  const dates = last && last !== first ? `${first}/${last}` : first;
  const hours = hoursOf(day).join(", ");
  return first && hours && `${dates} ${hours}`;
}

const WRITE = {
  hours: week,
  holidays: ([day]) => hoursOf(day).join("\n"),
  dates: (days) => days.map(dated).filter(Boolean).join("\n"),
};

// What all fields of a group say, in the line's own form.
export function written(group) {
  return WRITE[group.dataset.byDay](daysOf(group));
}

// Shows of a day what its choice needs, and notes what keeps it from being sent.
function settle(day) {
  const isTimed = choiceOf(day).value === AT_TIMES;
  day.querySelector("[data-stretches]").hidden = !isTimed;
  day.querySelector("[data-do=more]").hidden = !isTimed;
  const before = [];
  for (const times of all(day, "[data-times]")) {
    const [from, to] = all(times, "input");
    from.disabled = to.disabled = !isTimed;
    from.setCustomValidity(wrongStart(from, to, before));
    to.setCustomValidity(wrongEnd(from, to));
    before.push([from.value, endOf(from, to)]);
    times.querySelector("[data-next]").textContent = nextDay(from.value, to.value);
  }
  settleDates(day);
  if (!day.querySelector(":invalid")) day.querySelector("[data-wrong]").textContent = "";
  for (const input of all(day, "input:valid")) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
  }
}

// Says beside a day what keeps it from being sent; the browser goes to the first such field.
function tell(input) {
  const day = input.closest("[data-day]");
  const wrong = day.querySelector("[data-wrong]");
  places += 1;
  wrong.id ||= `wrong-${places}`;
  wrong.textContent = day.querySelector(":invalid").validationMessage;
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", wrong.id);
}

function wrongStart(from, to, before) {
  if (!from.value) return "Write a time, such as 09:00.";
  const overlaps = ([start, end]) => from.value < end && start < endOf(from, to);
  return before.some(overlaps) ? "These times overlap those above. Change one of them." : "";
}

function wrongEnd(from, to) {
  if (!to.value) return "Write a time, such as 17:00.";
  const endsAtOnce = from.value === to.value && to.value !== MIDNIGHT;
  return endsAtOnce ? "These times end when they begin. Write another time." : "";
}

// The end, which sorts after every time of its day where it is on the next.
const endOf = (from, to) => (to.value > from.value ? to.value : `next ${to.value}`);

function nextDay(from, to) {
  if (!from || !to || to > from) return "";
  return to === MIDNIGHT ? "(midnight)" : "the next day";
}

function settleDates(day) {
  const [first, last] = all(day, "input[type=date]");
  if (!first) return;
  first.setCustomValidity(first.value ? "" : "Choose a date, or remove it.");
  const isBefore = last.value && last.value < first.value;
  last.setCustomValidity(isBefore ? "This is before the first date. Choose a later one." : "");
  const dates = [first.value, last.value].filter(Boolean);
  name(day, dates.map(inWords).join(" to ") || "A new date");
}

const inWords = (date) => new Date(date).toLocaleDateString("en-GB", LONG);

function name(day, words) {
  for (const part of all(day, "[data-name]")) part.textContent = words;
}

function copyTimes(times) {
  const copy = times.cloneNode(true);
  const values = all(times, "input").map((input) => input.value);
  all(copy, "input").forEach((input, at) => (input.value = values[at]));
  return copy;
}

function copyDay(from, to) {
  choiceOf(to).value = choiceOf(from).value;
  const copies = all(from, "[data-times]").map(copyTimes);
  to.querySelector("[data-stretches]").replaceChildren(...copies);
  name(to, to.querySelector("legend").textContent);
}

const DOES = {
  more(day) {
    const copy = copyTimes(all(day, "[data-times]").at(-1));
    for (const input of all(copy, "input")) input.value = "";
    day.querySelector("[data-stretches]").append(copy);
    copy.querySelector("input").focus();
  },
  fewer(day, button) {
    button.closest("[data-times]").remove();
    day.querySelector("[data-do=more]").focus();
  },
  copy(day, button, group) {
    const days = daysOf(group);
    for (const other of days.slice(days.indexOf(day) + 1)) copyDay(day, other);
  },
  date(day, button, group) {
    const blank = group.querySelector("[data-blank]").content.cloneNode(true);
    group.querySelector(DAYS).append(blank);
    daysOf(group).at(-1).querySelector("input").focus();
  },
  undate(day, button, group) {
    day.remove();
    group.querySelector("[data-do=date]").focus();
  },
};

function begin(group) {
  const box = group.querySelector("textarea");
  const fold = group.querySelector("details");
  const told = group.querySelector(TOLD);
  let shown = box.defaultValue; // what the fields and the picture show
  let isWriting = false;
  let waiting;

  function settleAll() {
    const days = daysOf(group);
    const isShown = days.length > 0 || !told.textContent;
    for (const part of all(group, "[data-days], [data-adds]")) part.hidden = !isShown;
    group.querySelector(DAYS).inert = false;
    if (!isShown) fold.open = true;
    days.forEach(settle);
  }

  function write() {
    daysOf(group).forEach(settle);
    box.value = written(group);
    isWriting = true; // others listen to the box as well: drafts, and how much room is left
    box.dispatchEvent(new Event("input", { bubbles: true }));
    isWriting = false;
  }

  async function ask(parts) {
    const typed = box.value;
    const found = await answer(`${group.dataset.address}?typed=${encodeURIComponent(typed)}`);
    if (box.value !== typed) return; // it will be asked again
    shown = typed;
    for (const part of parts) take(part, found);
    if (!found) told.textContent = UNKNOWN;
    if (parts.includes(DAYS)) settleAll();
  }

  function take(part, found) {
    const children = found?.querySelector(part).childNodes ?? [];
    group.querySelector(part).replaceChildren(...children);
  }

  function catchUp() {
    if (box.value !== shown) ask([TOLD, DAYS, PICTURE]);
    else settleAll();
  }

  box.addEventListener("input", () => {
    clearTimeout(waiting);
    group.querySelector(DAYS).inert = !isWriting; // until they show what is typed
    const follow = isWriting ? () => ask([TOLD, PICTURE]) : catchUp;
    waiting = setTimeout(follow, WAIT_MS);
  });
  const fields = group.querySelector("[data-shown]");
  fields.addEventListener("input", write);
  fields.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (!button) return;
    DOES[button.dataset.do](button.closest("[data-day]"), button, group);
    write();
  });
  fields.addEventListener("invalid", (event) => tell(event.target), true);
  window.addEventListener("pageshow", catchUp); // a browser or a draft may have filled the box
  fold.open = "wanted" in fold.dataset;
  settleAll();
}

async function answer(address) {
  try {
    const page = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
    return page.querySelector("[data-shown]");
  } catch {
    return null;
  }
}

document.querySelectorAll("[data-by-day]").forEach(begin);
