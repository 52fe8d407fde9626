// Names of procedures, by code. They are asked for once each, and until one is known its code stands for it.

import { get } from "./api.js";
import { both } from "./i18n.js";

const NAMES_MAX = 500; // A desk sees a few dozen a day; beyond this all are asked for anew.
const known = new Map();

/** Procedures that fit what somebody typed: [{code, name, short_name}]. */
export async function search(words, limit = 6) {
  const found = await get(`/procedures?q=${encodeURIComponent(words)}&limit=${limit}`);
  return found.procedures;
}

/** The name to show for a code; `learned` is called when it comes later. `isServed` tells whether there are names. */
export function nameOf(code, isServed, learned) {
  if (!known.has(code) && isServed) {
    if (known.size >= NAMES_MAX) known.clear();
    known.set(code, null);
    search(code, 3)
      .then((found) => {
        known.set(code, found.find((one) => one.code === code) ?? null);
        learned();
      })
      .catch(() => known.delete(code));
  }
  const procedure = known.get(code);
  return procedure ? both(procedure.short_name) || procedure.name : code;
}
