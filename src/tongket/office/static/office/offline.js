/* A service worker: what can be opened without a line? Only forms that this person has
   opened before on this machine, with the scripts and styles they need. With a line
   nothing comes from here; signing out forgets the forms (busy.js). */

const KEPT = "tongket-entry";
const MOST = 60; // a district's month, twice over
const isForm = (url) => /\/van-phong\/thu-thap\/(?:[^/]+\/){4}nhap\/$/.test(url.pathname);
const isPart = (url) => url.pathname.startsWith("/static/");

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const keep = async (request, answer) => {
  if (!answer.ok || answer.redirected) return;
  const kept = await caches.open(KEPT);
  await kept.put(request.url, answer);
  const forms = (await kept.keys()).filter((each) => isForm(new URL(each.url)));
  await Promise.all(forms.slice(0, -MOST).map((each) => kept.delete(each)));
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (!isPart(url) && !(request.mode === "navigate" && isForm(url))) return;
  event.respondWith((async () => {
    try {
      const answer = await fetch(request);
      event.waitUntil(keep(request, answer.clone()));
      return answer;
    } catch (error) {
      const kept = await caches.match(request.url, { ignoreSearch: true });
      if (kept) return kept;
      throw error;
    }
  })());
});
