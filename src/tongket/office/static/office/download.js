// A form whose answer is a file leaves its page as it is: show it fresh afterwards, so
// that its counts are right and its button can be pressed again.
for (const form of document.querySelectorAll("form[data-download]")) {
  form.addEventListener("submit", () => setTimeout(() => location.reload(), 6000));
}
