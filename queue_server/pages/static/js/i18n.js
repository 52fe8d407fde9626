// Texts of this page, by key. They come from presenting/languages/*.toml; scripts hold no words of their own.
// A test reads t("table.key") and t.of("table.prefix", code) from the sources, so keys are always written out.

const root = document.documentElement;
const COOKIE_SECONDS = 400 * 86400; // The longest that browsers keep a cookie.
let texts = {};
let tongue = root.lang === "en" ? "en" : "vi";

/** The language shown now: "vi" or "en". */
export const language = () => tongue;

/** Fetch the texts of a language; the page draws after this. */
export async function loadTexts(wanted = tongue) {
  const answer = await fetch(wanted === "en" ? root.dataset.textsEn : root.dataset.textsVi);
  texts = await answer.json();
  tongue = wanted;
  root.lang = wanted;
}

/** Change the language and remember it on this machine. The caller draws again. */
export async function setLanguage(wanted) {
  document.cookie = `denluot_language=${wanted}; path=/; max-age=${COOKIE_SECONDS}; samesite=lax`;
  await loadTexts(wanted);
}

/** The text under a key, with {name} replaced by values.name. */
export const t = (key, values) => filled(texts[key] ?? key, values);

const filled = (text, values) => (values ? text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole) : text);

/** The same for one citizen's language, such as for paper: a function like `t`, of the language `wanted`. */
export async function inLanguage(wanted) {
  if (wanted === tongue) return t;
  const answer = await fetch(wanted === "en" ? root.dataset.textsEn : root.dataset.textsVi);
  const others = await answer.json();
  return (key, values) => filled(others[key] ?? key, values);
}

/** The text under `${prefix}-${code}`, for codes that come from the server; the code itself where there is none. */
t.of = (prefix, code, values) => {
  const key = `${prefix}-${code}`;
  return texts[key] === undefined ? code : t(key, values);
};

/** One side of a {vi, en} that the server sent. */
export const both = (words) => (words ? words[tongue] || words.vi : "");

/** A number with the decimal sign of the language. */
export const decimal = (value) => value.toLocaleString(tongue === "en" ? "en-GB" : "vi-VN", { maximumFractionDigits: 1 });
