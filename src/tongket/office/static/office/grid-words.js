/* Which sentences does the grid say? They come with the page, in its language. */

const words = JSON.parse(document.getElementById("grid-words")?.textContent ?? "{}");

/* A sentence by its name, its {gaps} filled. */
export const word = (name, gaps = {}) =>
  (words[name] ?? name).replace(/\{(\w+)\}/g, (gap, key) => gaps[key] ?? gap);

const two = { hour: "2-digit", minute: "2-digit" };

/* 10:02 today, 10:02 15/01/2024 before. */
export const clock = (stamp) => {
  const at = new Date(stamp);
  const time = at.toLocaleTimeString("vi", two);
  const isToday = at.toDateString() === new Date().toDateString();
  return isToday ? time : `${time} ${at.toLocaleDateString("vi")}`;
};

/* An element with text in it; nothing the server said is ever read as HTML. */
export const element = (name, given = {}, ...inner) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === false || value === null || value === undefined) continue;
    if (key === "text") made.textContent = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...inner.filter(Boolean));
  return made;
};
