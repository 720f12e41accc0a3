/* Which sentences does the grid say? They come with the page, in its language. */

const words = JSON.parse(document.getElementById("grid-words")?.textContent ?? "{}");

/* A sentence by its name, its {gaps} filled. */
export const word = (name, gaps = {}) =>
  (words[name] ?? name).replace(/\{(\w+)\}/g, (gap, key) => gaps[key] ?? gap);

/* As on the pages of the server: the clock of Vietnam, wherever the browser stands. */
const here = { timeZone: "Asia/Ho_Chi_Minh" };
const two = { ...here, hour: "2-digit", minute: "2-digit" };
const full = { ...here, day: "2-digit", month: "2-digit", year: "numeric" };

/* 10:02 today, 10:02 15/01/2024 before. */
export const clock = (stamp) => {
  const at = new Date(stamp);
  const time = at.toLocaleTimeString("vi", two);
  const [day, today] = [at, new Date()].map((each) => each.toLocaleDateString("vi", full));
  return day === today ? time : `${time} ${day}`;
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
