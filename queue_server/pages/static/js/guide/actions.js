// What the guide can do, each once: one request in flight, one key for one intent, and a pause after each answer in
// which a nervous finger does nothing.

import { acting } from "../acting.js";
import { act, get, goSignIn, newKey, Refused, Unreachable } from "../api.js";
import { t } from "../i18n.js";
import * as asking from "./asking.js";
import { printSlip } from "./slip.js";
import { changed, newWish, openTicket, say, serviceName, state, updateTicket } from "./state.js";

const GUARD_MS = 600;
const SAME_INTENT_MS = 120000; // A number that nobody saw given is handed to whoever wants the same soon after.

export const { isReady, run } = acting(state, changed, GUARD_MS, explain);

/** Whether the hall can be asked for anything now. */
export const isLive = () => state.link === "live";

function explain(fault) {
  if (fault instanceof Unreachable) return say({ kind: "stop", icon: "unlink", words: t("guide.unknown-result"), more: t("guide.unknown-result-more") });
  if (!(fault instanceof Refused)) throw fault; // A mistake of ours: it belongs in the console.
  if (fault.status === 401) return goSignIn();
  const elsewhere = fault.detail.elsewhere ? t("guide.elsewhere", { place: fault.detail.elsewhere }) : "";
  return say({ kind: "warn", icon: "info", words: fault.text, more: elsewhere });
}

// Giving numbers

/** Why no number can be given as things stand, or "". */
export function whyNot() {
  const { wish, view } = state;
  if (!isLive()) return t("guide.off-link");
  if (!wish.service) return t("guide.off-service");
  const service = view.services.find((one) => one.id === wish.service);
  return service?.state === "open" ? "" : t("guide.off-closed");
}

function body() {
  const { service, priority, items, language, dossier, procedure } = state.wish;
  const wish = { service };
  if (language !== "vi") wish.language = language;
  if (priority) wish.priority = priority;
  if (items > 1) wish.items = items;
  if (dossier.trim()) wish.dossiers = [dossier.trim()];
  if (procedure) wish.procedures = [procedure];
  return wish;
}

/** Give the number that is wished for; an attempt that nobody answered goes on with its own key. */
export const issue = (isPrinted) =>
  run("issue", async () => {
    if (whyNot()) return;
    const wish = body();
    const text = JSON.stringify(wish);
    const last = state.unsettled;
    const isSame = last?.text === text && performance.now() - last.at < SAME_INTENT_MS;
    const key = isSame ? last.key : newKey();
    const { priority, isSeen, language } = state.wish;
    state.unsettled = { text, key, at: performance.now() };
    let ticket;
    try {
      ticket = await act("POST", "/tickets", wish, key);
    } catch (fault) {
      if (fault instanceof Refused) state.unsettled = null;
      throw fault;
    }
    state.unsettled = null;
    state.wish = newWish();
    if (ticket.staff) ticket.staff.language ||= language; // What was just said is not in the answer yet; paper needs it.
    openTicket(ticket, true);
    say({ kind: "good", icon: "check", words: t("guide.issued", { number: ticket.shown }), more: ticket.warning ? t("guide.would-pass-closing") : undefined });
    if (isPrinted) await print(state.ticket); // As it was opened: it knows when the hall spoke.
    if (priority && isSeen) await decide(ticket, { group: priority, proof_seen: true, reason: "" });
  });

/** A booking becomes a number. */
export const checkIn = () =>
  run("checkin", async () => {
    const code = state.code.trim();
    if (!code || !isLive()) return;
    const ticket = await act("POST", "/checkin", { code });
    state.code = "";
    openTicket(ticket, true);
    say({ kind: "good", icon: "check", words: t("guide.checked-in", { number: ticket.shown }) });
  });

// One ticket

/** Find a number of today, with or without its prefix. */
export const find = () =>
  run("find", async () => {
    const number = Number(state.typed.replace(/\D/g, ""));
    if (!number || !isLive()) return;
    openTicket(await get(`/tickets?number=${number}`));
    state.typed = "";
  });

/** Open somebody of a list. */
export const show = (id) => run("show", async () => openTicket(await get(`/tickets/${id}`)));

/** Read the open ticket anew; what it shows moves on with the hall. */
export async function refresh() {
  const id = state.ticket?.id;
  if (!id || !isLive() || state.busy) return;
  const ticket = await get(`/tickets/${id}`).catch(() => null);
  if (ticket) updateTicket(ticket);
}

async function print(ticket) {
  if (!ticket) return;
  await printSlip(ticket);
  if (isLive()) await act("POST", `/tickets/${ticket.id}/slip`, { result: "printed", copy: copyOf(ticket) }).then(updateTicket).catch(() => null);
}

const copies = new Map();
const COPIES_MAX = 99;

function copyOf(ticket) {
  const copy = Math.min((copies.get(ticket.id) ?? 0) + 1, COPIES_MAX);
  copies.set(ticket.id, copy);
  return copy;
}

/** Print the slip, again if need be: this works without the hall. */
export const printAgain = () =>
  run("print", async () => {
    const { ticket } = state;
    await print(ticket);
    say({ kind: "good", icon: "printer", words: t("guide.printed", { number: ticket.shown }) });
  });

/** The number was shown to the citizen in place of paper. */
export async function shownOnScreen(ticket) {
  if (isLive()) await act("POST", `/tickets/${ticket.id}/slip`, { result: "shown" }).catch(() => null);
}

async function decide(ticket, answer) {
  updateTicket(await act("POST", `/tickets/${ticket.id}/priority`, answer));
  say({ kind: "good", icon: "priority", words: answer.group ? t("guide.priority-confirmed") : t("guide.priority-refused") });
}

export const priority = () =>
  run("priority", async () => {
    const { ticket } = state;
    const answer = await asking.priority(ticket);
    if (answer) await decide(ticket, answer);
  });

export const move = () =>
  run("move", async () => {
    const { ticket } = state;
    const target = await asking.move(ticket);
    if (!target) return;
    updateTicket(await act("POST", `/tickets/${ticket.id}/move`, target));
    say({ kind: "good", icon: "transfer", words: t("guide.moved", { number: ticket.shown, service: serviceName(target.service) }) });
  });

export const cancel = () =>
  run("cancel", async () => {
    const { ticket } = state;
    const reason = await asking.cancel(ticket);
    if (!reason) return;
    updateTicket(await act("POST", `/tickets/${ticket.id}/cancel`, { reason }));
    say({ kind: "good", icon: "check", words: t("guide.cancelled", { number: ticket.shown }) });
  });

/** Somebody held, away or absent is back: at the desk that knows them, else at any that serves them. */
export const comeBack = () =>
  run("return", async () => {
    const { ticket } = state;
    const desk = state.view.counters.find((one) => one.number === ticket.counter) ?? state.view.counters.find((one) => one.services.includes(ticket.service)) ?? state.view.counters[0];
    updateTicket(await act("POST", `/counters/${desk.number}/return`, { number: ticket.number }));
    say({ kind: "good", icon: "return", words: t("guide.came-back", { number: ticket.shown }) });
  });

// Calls for help

/** Somebody is there. */
export const attend = (alert) =>
  run("attend", async () => {
    if (alert.kind === "counter") await act("POST", `/counters/${alert.counter}/help/done`);
    else await act("POST", "/kiosk/help/done", { kiosk: alert.id });
  });
