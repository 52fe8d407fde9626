// What the clerk can do, each once: one request in flight, one key for one intent, and a pause after each answer in
// which a nervous finger does nothing. What the page saw goes along (`holds`), so a tab that fell behind cannot end
// somebody else's visit.

import { acting } from "../acting.js";
import { act, goSignIn, Refused, Unreachable } from "../api.js";
import { since } from "../clock.js";
import { t } from "../i18n.js";
import * as asking from "./asking.js";
import { changed, say, standing, state } from "./state.js";
import * as work from "./work.js";

const GUARD_MS = 400;
const FOCUS_MS = 50;

export const { isReady, run } = acting(state, changed, GUARD_MS, explain);

async function explain(fault) {
  if (fault instanceof Unreachable) {
    return say({ kind: "stop", icon: "unlink", words: t("clerk.unknown-result"), more: t("clerk.unknown-result-more") });
  }
  if (!(fault instanceof Refused)) throw fault; // A mistake of ours: it belongs in the console.
  if (fault.status === 401) return goSignIn();
  if (fault.code === "counter-elsewhere") {
    if (await asking.useHere()) await open(true);
    return;
  }
  say({ kind: "warn", icon: "info", words: fault.text });
  if (fault.code === "reason-needed") document.querySelector(".behalf input")?.focus();
}

const path = (name) => `/counters/${state.counter}/${name}`;
const present = () => state.view.ticket; // The ticket at the desk, or null.

async function at(name, body = {}) {
  const full = { ...body };
  if (state.onBehalf && !full.reason) full.reason = state.onBehalf;
  return act("POST", path(name), full);
}

// The same, only while the counter holds what the person saw; a question asked meanwhile does not change that.
const here = (name, body = {}, ticket = present()) => at(name, { holds: ticket?.id ?? "", ...body });

// What an answer says is drawn at once; the feed's next view replaces it.
function show(change) {
  state.view = { ...state.view, ...change };
  changed();
}

const showTicket = (ticket) =>
  show({ ticket, state: ticket.state === "called" ? "calling" : "serving" });

// The counter itself

export const openCounter = () => run("open", () => open(false));

async function open(takeOver) {
  try {
    state.view = await at("open", { take_over: takeOver });
  } catch (fault) {
    if (takeOver || !["counter-taken", "clerk-elsewhere", "counter-elsewhere"].includes(fault.code)) throw fault;
    const isSure = fault.code === "clerk-elsewhere" ? await asking.moveHere(fault.detail.counter) : await asking.takeOver(fault.code);
    if (isSure) await open(true);
  }
}

export const closeCounter = () =>
  run("close", async () => {
    if (await asking.closeCounter()) state.view = await at("close");
  });

export const pause = () =>
  run("pause", async () => {
    const reason = await asking.pause();
    if (reason) state.view = await at("pause", { reason });
  });

export const resume = () => run("resume", async () => (state.view = await at("resume")));

export const help = () =>
  run("help", async () => {
    await at("help");
    say({ kind: "good", icon: "check", words: t("clerk.help-asked") });
  });

// The one primary key: what comes next at this counter

export function goOn() {
  const { view } = state;
  switch (standing()) {
    case "closed":
    case "nobody":
    case "taken":
      return openCounter();
  }
  if (!view.ticket) return view.paused ? resume() : run("next", next);
  if (work.isNoted() || view.ticket.state === "serving") return finish(true);
  return run("next", skipOver);
}

async function next(held = present()) {
  const { ticket } = await here("next", {}, held);
  work.forget();
  if (ticket) return showTicket(ticket);
  show({ ticket: null, state: "open" });
  return say({ kind: "", icon: "info", words: t("clerk.nobody-waits") });
}

// Called, never started, nothing noted: soon after the call this may be a slip of the finger.
async function skipOver() {
  const ticket = present();
  const isEarly = since(ticket.called_at) < (state.hall?.min_service_s ?? 0) * 1000;
  const what = isEarly ? await asking.skipOver(ticket) : "next";
  if (what === "absent") {
    await here("absent", {}, ticket);
    show({ ticket: null, state: "open" });
  }
  if (what) await next(what === "absent" ? null : ticket);
}

function outcomeFirst() {
  say({ kind: "warn", icon: "info", words: t("clerk.outcome-first"), more: t("clerk.outcome-first-more") });
  // After the notice is drawn: it takes room from what stands above it.
  setTimeout(() => document.querySelector(".outcomes button")?.focus(), FOCUS_MS);
}

export function finish(andNext) {
  if (!work.isComplete()) {
    outcomeFirst();
    return undefined;
  }
  return run(andNext ? "next" : "finish", async () => {
    await here("finish", { items: work.items() });
    work.forget();
    show({ ticket: null, state: state.view.paused ? "paused" : "open" });
    if (andNext && !state.view.paused) await next();
    else say({ kind: "good", icon: "check", words: t("clerk.finished") });
  });
}

// The present ticket

export const recall = () => run("recall", async () => {
  showTicket(await here("recall"));
  say({ kind: "good", icon: "speak", words: t("clerk.recalled") });
});

export const start = () => run("start", async () => showTicket(await here("start")));

export const absent = () => run("absent", async () => {
  const { shown } = present();
  await here("absent");
  left(t("clerk.marked-absent", { number: shown }));
});

export const hold = () => run("hold", async () => {
  const { shown } = present();
  await here("hold");
  left(t("clerk.held", { number: shown }));
});

export const away = () => run("away", async () => {
  const ticket = present();
  const reason = await asking.away(ticket);
  if (!reason) return;
  const procedures = work.notes().rows.map((row) => row.procedure).filter(Boolean);
  await here("away", { reason, procedures }, ticket);
  left(t("clerk.sent-away", { number: ticket.shown }));
});

export const transfer = () => run("transfer", async () => {
  const ticket = present();
  state.hall = await asking.freshHall();
  const target = await asking.transfer(ticket);
  if (!target) return;
  await here("transfer", { ...target, items: work.items().filter((one) => one.outcome) }, ticket);
  left(t("clerk.transferred", { number: ticket.shown }));
});

function left(words) {
  work.forget();
  show({ ticket: null, state: "open" });
  say({ kind: "good", icon: "check", words });
}

export const priority = () => run("priority", async () => {
  const ticket = present();
  const decision = await asking.priority(ticket);
  if (!decision) return;
  const changedTicket = await act("POST", `/tickets/${ticket.id}/priority`, decision);
  if (present()?.id === ticket.id) show({ ticket: changedTicket });
  say({ kind: "good", icon: "check", words: decision.group ? t("clerk.priority-confirmed") : t("clerk.priority-refused") });
});

// Others

export const callNumber = (number, reason) => run("call", async () => {
  const held = present();
  const asked = number ? { number, reason } : await asking.callNumber();
  if (!asked) return;
  if (held && !(await asking.endFirst(held))) return;
  const isNoted = held !== null && work.isNoted();
  if (isNoted) {
    if (!work.isComplete()) return outcomeFirst();
    await here("finish", { items: work.items() }, held);
    show({ ticket: null, state: "open" });
  }
  const ticket = await here("call", asked, isNoted ? null : held);
  work.forget();
  showTicket(ticket);
});

export const comeBack = (number) => run("return", async () => {
  const { shown } = await at("return", { number });
  say({ kind: "good", icon: "check", words: t("clerk.came-back", { number: shown }) });
});

export const takeTicket = () => run("take", async () => {
  state.hall = await asking.freshHall();
  const wish = await asking.takeTicket();
  if (!wish) return;
  const ticket = await act("POST", "/tickets", wish);
  say({ kind: "good", icon: "ticket", words: t("clerk.taken-number", { number: ticket.shown }), more: t("clerk.taken-number-more") });
});
