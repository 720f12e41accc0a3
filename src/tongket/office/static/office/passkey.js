// Passkeys: shown where the browser has them, and a refusal is said on the page.
// What they need to do is allauth's script; this one only shows and tells.
(() => {
  const can = "PublicKeyCredential" in window;
  for (const each of document.querySelectorAll("[data-passkey]")) each.hidden = !can;
  for (const each of document.querySelectorAll("[data-no-passkey]")) each.hidden = can;
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    for (const each of document.querySelectorAll("[data-passkey-error]")) {
      each.hidden = false;
    }
  });
})();
