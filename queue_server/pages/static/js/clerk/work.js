// What the clerk notes about the present visit before it ends: for each procedure an outcome and dossier codes.
// It is kept for this tab, by ticket, so that a reload or a lost link loses nothing that was typed.

import { state, changed } from "./state.js";

export const OUTCOMES = ["received", "supplement", "refused", "extended", "result", "guidance"];
export const CODE_LENGTH_MAX = 200;
const ROWS_MAX = 20;
const SHAPE = /^[A-Z0-9]{1,4}(\.[A-Z0-9]{2,3}){0,3}-(\d{2})(\d{2})(\d{2})-\d{4,}$/;
const STORE = "denluot-work";

let work = { ticket: "", rows: [], active: 0 };

/** The notes on the ticket that the counter holds; a new ticket starts them anew. */
export function notes() {
  const ticket = state.view?.ticket;
  const id = ticket?.id ?? "";
  if (work.ticket !== id) {
    work = recalled(id) ?? fresh(ticket);
  }
  return work;
}

function fresh(ticket) {
  const procedures = ticket?.staff?.procedures ?? [];
  const dossiers = ticket?.staff?.dossiers ?? [];
  const rows = (procedures.length ? procedures : [""]).map((procedure) => ({ procedure, outcome: "", dossiers: [] }));
  rows[0].dossiers = [...dossiers];
  return { ticket: ticket?.id ?? "", rows, active: 0 };
}

function recalled(id) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(STORE) ?? "null");
    return id && kept?.ticket === id && kept.rows?.length ? kept : null;
  } catch {
    return null; // Storage may be switched off; then notes live as long as the page.
  }
}

function keep() {
  try {
    if (work.ticket) sessionStorage.setItem(STORE, JSON.stringify(work));
  } catch {
    // As above.
  }
  changed();
  requestAnimationFrame(showActive); // After it is drawn.
}

function showActive() {
  document.querySelector(".procedures .active")?.scrollIntoView({ block: "nearest" });
}

/** The visit is over: nothing of it stays on this machine. */
export function forget() {
  work = { ticket: "", rows: [], active: 0 };
  try {
    sessionStorage.removeItem(STORE);
  } catch {
    // As above.
  }
}

/** Note the outcome of the active procedure, and go on to the next one that has none. */
export function setOutcome(outcome) {
  const { rows, active } = notes();
  rows[active].outcome = rows[active].outcome === outcome ? "" : outcome;
  const next = rows.findIndex((row) => !row.outcome);
  if (rows[active].outcome && next >= 0) work.active = next;
  keep();
}

export function setActive(index) {
  work.active = index;
  keep();
}

export function addProcedure(code) {
  if (work.rows.length >= ROWS_MAX || work.rows.some((row) => row.procedure === code)) return;
  if (work.rows.length === 1 && !work.rows[0].procedure) work.rows[0].procedure = code;
  else work.rows.push({ procedure: code, outcome: "", dossiers: [] });
  work.active = work.rows.findIndex((row) => row.procedure === code);
  keep();
}

export function dropProcedure(index) {
  if (work.rows.length > 1) work.rows.splice(index, 1);
  else work.rows[0].procedure = "";
  work.active = Math.min(work.active, work.rows.length - 1);
  keep();
}

/** Add a code as it was scanned or typed. Gives "", or why it was not added: "repeated" or "too-long". */
export function addDossier(text) {
  const code = text.trim().normalize("NFC");
  if (!code) return "";
  const { rows, active } = notes();
  if (code.length > CODE_LENGTH_MAX) return "too-long";
  if (rows.some((row) => row.dossiers.includes(code))) return "repeated";
  rows[active].dossiers.push(code);
  keep();
  return "";
}

export function dropDossier(row, index) {
  work.rows[row].dossiers.splice(index, 1);
  keep();
}

/** Whether a code looks like a dossier's: one that does not is kept as it is, and only marked. */
export function looksRight(code) {
  const found = SHAPE.exec(code.toUpperCase());
  if (!found) return false;
  const [year, month, day] = found.slice(2, 5).map(Number);
  const date = new Date(Date.UTC(2000 + year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Whether anything was noted. */
export const isNoted = () => notes().rows.some((row) => row.outcome || row.dossiers.length);

/** Whether every procedure has an outcome. */
export const isComplete = () => notes().rows.every((row) => row.outcome);

/** The notes as the hall takes them: one item for each dossier, or one for a procedure without any. */
export const items = () =>
  notes().rows.flatMap((row) =>
    (row.dossiers.length ? row.dossiers : [null])
      .filter((dossier) => dossier !== null || row.outcome)
      .map((dossier) => ({ procedure: row.procedure || null, outcome: row.outcome || null, dossier })),
  );
