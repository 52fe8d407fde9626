// What the guide's page knows. One object, drawn whole after every change.

import { now } from "../clock.js";
import { both, t } from "../i18n.js";
import { nameOf } from "../procedures.js";

const MINUTE_MS = 60000;
const ISSUED_MAX = 20; // Numbers that this tablet gave, kept so that a slip can be printed again with its code.

export const state = {
  me: null,
  hall: null,
  reasons: null,
  view: null,
  link: "",
  lostAt: 0,
  busy: "",
  doneAt: -Infinity,
  notice: null,
  tab: "issue",
  wish: newWish(),
  unsettled: null, // A wish that nobody answered: sent again it is the same one.
  issued: [],
  ticket: null, // The ticket that is open.
  isNew: false,
  typed: "",
  code: "",
  list: "waiting",
  only: "",
  words: "",
  found: [],
  isSearched: false,
  procedure: null,
};

/** What a citizen wants before a number is given. */
export function newWish() {
  return { service: "", priority: "", isSeen: false, items: 1, language: "vi", dossier: "", procedure: "" };
}

let draw = () => {};
let isDue = false;

/** Whoever draws says how, once. */
export const drawWith = (how) => (draw = how);

/** Draw before the next frame, however many changes come until then. */
export function changed() {
  if (isDue) return;
  isDue = true;
  const go = () => {
    isDue = false;
    draw();
  };
  if (document.visibilityState === "hidden") setTimeout(go, 0);
  else requestAnimationFrame(go);
}

/** Draw at once: for what the feed says, which comes ten times a second at most. */
export const drawNow = () => draw();

/** What happened, said until the next thing happens: {kind, icon, words, more}. */
export function say(notice) {
  state.notice = notice;
  changed();
}

/** Another part of the page. */
export function go(tab) {
  state.tab = tab;
  state.ticket = null;
  state.isNew = false;
  state.notice = null;
  drawNow(); // At once, so that what is typed next goes where it belongs.
  document.querySelector("#content [data-first]")?.focus();
}

/** Open a ticket; `isNew` when it was given just now. */
export function openTicket(found, isNew = false) {
  const ticket = withIssued(found);
  state.ticket = ticket;
  state.isNew = isNew;
  if (isNew) state.issued = [ticket, ...state.issued.filter((one) => one.id !== ticket.id)].slice(0, ISSUED_MAX);
  drawNow();
  document.querySelector("#content .about")?.focus();
}

/** The ticket as it is now; what only its issuer was told stays. */
export function updateTicket(ticket) {
  const full = withIssued(ticket);
  state.issued = state.issued.map((one) => (one.id === full.id ? full : one));
  if (state.ticket?.id === full.id) state.ticket = full;
  changed();
}

// `told`: when the hall said how long it still takes. A ticket out of the list of this tablet has it already.
function withIssued(ticket) {
  const known = state.issued.find((one) => one.id === ticket.id);
  return { ...ticket, told: ticket.told ?? now(), key: ticket.key ?? known?.key, url: ticket.url ?? known?.url };
}

/** About when the ticket is called, in milliseconds since 1970: {about, bound}; null where nobody knows. */
export function expectation(ticket) {
  if (state.link !== "live" || ticket.state !== "waiting" || ticket.expected_wait_s === null) return null;
  const at = (seconds) => (seconds === null ? null : ticket.told + seconds * 1000);
  // A bound is the first full minute after it: 13:21:40 is not before 13:21.
  const bound = at(ticket.wait_p90_s);
  return { about: at(ticket.expected_wait_s), bound: bound === null ? null : (Math.floor(bound / MINUTE_MS) + 1) * MINUTE_MS };
}

/** So many people, in words. */
export const people = (count, say = t) => (count === 1 ? say("guide.person", { count }) : say("guide.people", { count }));

/** A service as the view has it, or one that only has its id. */
export const serviceOf = (id) =>
  state.view?.services.find((one) => one.id === id) ?? state.hall?.services.find((one) => one.id === id) ?? { id, name: { vi: id, en: id }, prefix: "" };

export const serviceName = (id) => both(serviceOf(id).name);

/** A procedure's name, or its code. */
export const procedureName = (code) => nameOf(code, state.hall?.procedures, changed);

/** A priority group, or undefined. */
export const groupOf = (id) => state.hall?.priority.find((one) => one.group === id);

/** The counters where this ticket may be called: its own, or all that serve it, those at work first. */
export function countersOf(ticket) {
  const { counters } = state.view;
  if (ticket.counter !== null) return counters.filter((one) => one.number === ticket.counter);
  const serving = counters.filter((one) => one.services.includes(ticket.service));
  const open = serving.filter((one) => one.state !== "closed");
  return open.length ? open : serving;
}

/** The first few of these counters, and how many more there are: {first, more}. */
export const few = (counters, count) => ({ first: counters.slice(0, count), more: Math.max(0, counters.length - count) });
