/* How can this form be opened again without a line? A service worker keeps it; the first
   page was fetched before there was one and is therefore kept by the page itself. */

const KEPT = "tongket-entry";

export const keepForOffline = async (form) => {
  const worker = form.dataset.worker;
  if (!worker || !("serviceWorker" in navigator)) return; // plain http, or an old browser
  try {
    const scope = new URL("van-phong/thu-thap/", new URL(worker, location.href)).pathname;
    await navigator.serviceWorker.register(worker, { scope });
    if (!navigator.serviceWorker.controller) {
      const kept = await caches.open(KEPT);
      const parts = performance.getEntriesByType("resource")
        .map((each) => each.name)
        .filter((name) => name.startsWith(`${location.origin}/static/`));
      await kept.addAll([location.pathname, ...new Set(parts)]);
    }
    form.dataset.offline = "";
  } catch { /* the form works as before, only not without a line from the start */ }
};
