// Records in the page, with a level meter, and sends what was recorded, or a file. Whatever was
// recorded is kept in this browser until it is sent. The page also takes files without this.
const KINDS = { "audio/webm": "webm", "audio/mp4": "m4a", "audio/ogg": "ogg", "audio/wav": "wav" };
const KEPT = "recordings";
const LOOK_MS = 100;
const JUDGED_MS = 3000; // pauses between sentences are shorter, so the verdict does not flicker
const LOUD = 0.98, QUIET = 0.05; // of full scale
const FLOOR_DB = 60; // what the meter shows, below full scale
const QUALITY = 96000; // bits a second, far more than a telephone has

const WHY_NOT = {
  NotAllowedError: "This page may not use the microphone. Allow it beside the page’s address, then press Record again.",
  NotFoundError: "There is no microphone. Connect one, then press Record again.",
  NotReadableError: "Another program uses the microphone. Close that program, then press Record again.",
};
const OR_A_FILE = "Or record with a telephone or a program, and send the file.";
const LOST = "The connection was lost. Your recording is still on this page, and nothing was changed. Press Send again in a moment.";
const SIGNED_OUT = "You are no longer signed in. Your recording is kept in this browser. Sign in, then send it.";
const TOO_LARGE = "This file is too large. Send at most 60 MB, for instance as MP3 or M4A.";

const by = (id) => document.getElementById(id);
const form = by("send");
const recorder = by("recorder");
const button = by("record");
const field = by("file");
const place = `${form.action}&kept`; // where the browser keeps what was recorded

let going = null; // while it records: the recorder, the microphone, and what was measured
let isKept = true;
let isSending = false;

const canRecord = navigator.mediaDevices && window.MediaRecorder && window.AudioContext;
if (canRecord) {
  recorder.hidden = false;
  show(await kept(), "You recorded this earlier, and have not sent it yet.");
} else {
  const why = window.isSecureContext
    ? "This browser cannot record." : "A browser records only on pages whose address begins with https.";
  tell("cannot", `${why} ${OR_A_FILE}`);
}

function tell(id, words) {
  by(id).hidden = false;
  by(id).textContent = words;
}

button.addEventListener("click", () => going ? going.recorder.stop() : record());

async function record() {
  button.disabled = true; // until the browser has asked
  try {
    await begin();
  } catch (error) {
    const why = WHY_NOT[error.name] ?? `The microphone failed (${error.name}).`;
    tell("state", `${why} ${OR_A_FILE}`);
  }
  button.disabled = false;
  button.focus({ preventScroll: true }); // the words stay in view
}

async function begin() {
  // Nothing is smoothed: the meter shows what callers would hear.
  const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { ...plain, channelCount: 1 } });
  const mimeType = Object.keys(KINDS).find((kind) => MediaRecorder.isTypeSupported(kind));
  const media = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: QUALITY });
  const sound = new AudioContext();
  const ear = sound.createAnalyser();
  ear.fftSize = 8192; // 170 ms, so that no peak falls between two looks
  sound.createMediaStreamSource(stream).connect(ear);
  const parts = [];
  media.addEventListener("dataavailable", (event) => parts.push(event.data));
  media.addEventListener("stop", () => end(parts));
  // A microphone that is pulled out ends the recording, and keeps what there is.
  const watch = setInterval(measure, LOOK_MS);
  going = { recorder: media, stream, sound, ear, watch, began: performance.now(), judged: 0, peak: 0, highest: 0 };
  media.start(1000);
  button.textContent = "Stop";
  by("take").hidden = true;
  by("going").hidden = false;
  by("verdict").textContent = "";
  by("bar").classList.add("is-recording");
  by("to-read").scrollIntoView({ block: "start" });
  tell("state", "Recording. Press Stop when you have read everything.");
}

function measure() {
  const samples = new Float32Array(going.ear.fftSize);
  going.ear.getFloatTimeDomainData(samples);
  const peak = samples.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  const now = performance.now() - going.began;
  going.peak = Math.max(going.peak, peak);
  going.highest = Math.max(going.highest, peak);
  by("level").value = Math.max(0, 1 + 20 * Math.log10(peak) / FLOOR_DB);
  // The words change every few seconds; only too loud is told at once.
  if (peak >= LOUD || now - going.judged > JUDGED_MS) {
    by("verdict").textContent = verdict(going.peak);
    going.judged = now;
    going.peak = 0;
  }
  by("elapsed").textContent = clock(now / 1000);
  if (now / 1000 >= recorder.dataset.mostS - 1) going.recorder.stop();
}

function verdict(peak) {
  if (peak >= LOUD) return "Too loud: move away from the microphone";
  if (peak < QUIET) return "Too quiet: move closer to the microphone";
  return "Good";
}

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

async function end(parts) {
  const { stream, sound, watch, highest, recorder: media, began } = going;
  const length = clock((performance.now() - began) / 1000);
  going = null;
  clearInterval(watch);
  for (const track of stream.getTracks()) track.stop();
  sound.close();
  by("going").hidden = true;
  by("bar").classList.remove("is-recording");
  const type = media.mimeType.split(";")[0];
  const file = new File(parts, `recording.${KINDS[type] ?? "webm"}`, { type });
  await keep(file);
  show(file, `Recorded ${length}. Level: ${verdict(highest)}. Hear it, then send it or record again.`);
}

// Puts a recording into the form's field, as if it had been chosen there.
function show(file, words) {
  button.textContent = file ? "Record again" : "Record";
  by("take").hidden = !file;
  URL.revokeObjectURL(by("back").src);
  const chosen = new DataTransfer();
  if (file) {
    chosen.items.add(file);
    by("back").src = by("download").href = URL.createObjectURL(file);
    by("download").download = file.name;
  }
  field.files = chosen.files;
  if (file) tell("state", words);
}

field.addEventListener("change", () => { by("take").hidden = true; });

by("discard").addEventListener("click", async () => {
  await forget();
  show(null);
  tell("state", "It was thrown away.");
  button.focus();
});

async function keep(file) {
  const named = { "content-type": file.type, "x-name": file.name };
  try {
    await (await caches.open(KEPT)).put(place, new Response(file, { headers: named }));
    isKept = true;
  } catch {
    isKept = false; // there is no room: leaving asks
  }
}

async function kept() {
  try {
    const found = await (await caches.open(KEPT)).match(place);
    return found && new File([await found.blob()], found.headers.get("x-name"), { type: found.headers.get("content-type") });
  } catch {
    return null;
  }
}

async function forget() {
  isKept = true;
  await caches.open(KEPT).then((all) => all.delete(place)).catch(() => {});
}

window.addEventListener("beforeunload", (event) => {
  if (going || isSending || !isKept) event.preventDefault();
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (isSending) return;
  const [file] = field.files;
  if (file?.size > recorder.dataset.mostBytes) return refuse(TOO_LARGE);
  isSending = true;
  tell("sending", "Sending. Please wait.");
  await send(new FormData(form, event.submitter), event.submitter?.dataset.leads);
  isSending = false;
  by("sending").textContent = "";
  delete form.dataset.sent; // it may be sent once more
});

async function send(data, leads) {
  let answer, page;
  try {
    // Where the answer leads is opened as a page, which says what was done.
    answer = await fetch(form.action, { method: "POST", body: data, redirect: "manual" });
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return refuse(LOST);
  }
  if (answer.type === "opaqueredirect") {
    await forget();
    isSending = false;
    return location.assign(leads ?? form.action);
  }
  if (page.getElementById("password")) return refuse(SIGNED_OUT, form.action);
  if (page.getElementById("terms")) {
    by("terms").replaceWith(page.getElementById("terms"));
    by("told").replaceWith(page.getElementById("told"));
    return by("told").querySelector("[role=alert]").focus();
  }
  const alert = page.querySelector("[role=alert]");
  refuse(alert?.textContent ?? `The server refused this (${answer.status}). Your recording is still on this page.`);
}

function refuse(words, leads) {
  const told = document.createElement("div");
  told.className = "wrong summary";
  told.setAttribute("role", "alert");
  told.tabIndex = -1;
  const line = document.createElement("p");
  line.textContent = words;
  told.append(line);
  if (leads) {
    const link = document.createElement("a");
    link.href = leads;
    link.textContent = "Sign in";
    told.append(link);
  }
  by("told").replaceChildren(told);
  told.focus();
}
