/* What number does a typed text stand for, and how is a number shown? Only for sums and
   differences on the screen: whether a cell is right is said by the server. */

/* The number a cell counts as; NaN when it is blank, not applicable or no number. */
export const counted = (text) => {
  const typed = text.trim();
  if (/^[-–—]$/.test(typed)) return 0;
  if (!/^\d+([.\s]\d{3})*(,\d+)?$/.test(typed)) return NaN;
  return Number(typed.replace(/[.\s]/g, "").replace(",", "."));
};

/* One way of writing each answer, so that "1554" and "1.554" are the same. */
const canonical = (text) => {
  const typed = text.trim().toLowerCase();
  if (/^[-–—]$/.test(typed)) return "-";
  const number = counted(typed);
  return Number.isNaN(number) ? typed : String(number);
};

export const isSame = (one, other) => canonical(one) === canonical(other);

/* Sums of decimals leave dust behind; the forms know at most three decimals. */
export const rounded = (number) => Math.round(number * 1000) / 1000;

export const shown = (number) =>
  rounded(number).toLocaleString("vi", { maximumFractionDigits: 3 });

/* A difference with its sign: +3, −2, 0. */
export const signed = (number) => {
  const size = shown(Math.abs(number));
  if (!rounded(number)) return "0";
  return number > 0 ? `+${size}` : `−${size}`;
};

/* A label as it is compared: whatever case and spaces it was copied with. */
export const plain = (text) =>
  text.normalize("NFC").replace(/\s+/g, " ").trim().toLocaleLowerCase("vi");
