// Keeps the page of the helplines' numbers for when there is no connection.
"use strict";

const KEPT = "handset-1";

self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const { origin, pathname } = new URL(url);
  const isPage = pathname === "/" || pathname.startsWith("/static/handset/");
  if (method !== "GET" || origin !== self.location.origin || !isPage) return;
  event.respondWith(fresh(event.request));
});

async function fresh(request) {
  const kept = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    if (answer.ok) await kept.put(request, answer.clone());
    return answer;
  } catch (error) {
    const before = await kept.match(request, { ignoreSearch: true });
    if (before) return before;
    throw error;
  }
}
