// Names of procedures, by code. They are asked for once each, and until one is known its code stands for it.

import { get } from "./api.js";
import { both } from "./i18n.js";

const NAMES_MAX = 500; // A desk sees a few dozen a day; beyond this all are asked for anew.
const PAUSE_MS = 40; // One after the other and not too fast: keys that somebody presses never wait for names.
const AGAIN_MS = 3000;
const known = new Map();
const wanted = new Map(); // Codes in the order in which they were met, and who is to be told.
let isAsking = false;

/** Procedures that fit what somebody typed: [{code, name, short_name}]. */
export async function search(words, limit = 6) {
  const found = await get(`/procedures?q=${encodeURIComponent(words)}&limit=${limit}`);
  return found.procedures;
}

/** The name to show for a code; `learned` is called when it comes later. `isServed` tells whether there are names. */
export function nameOf(code, isServed, learned) {
  if (isServed && !known.has(code) && !wanted.has(code)) {
    wanted.set(code, learned);
    askAll();
  }
  const procedure = known.get(code);
  return procedure ? both(procedure.short_name) || procedure.name : code;
}

async function askAll() {
  if (isAsking) return;
  isAsking = true;
  while (wanted.size) {
    const [[code, learned]] = wanted;
    const found = await search(code, 3).catch(() => null);
    wanted.delete(code);
    if (found) {
      if (known.size >= NAMES_MAX) known.delete(known.keys().next().value);
      known.set(code, found.find((one) => one.code === code) ?? null);
      learned();
    }
    await new Promise((done) => setTimeout(done, found ? PAUSE_MS : AGAIN_MS));
  }
  isAsking = false;
}
