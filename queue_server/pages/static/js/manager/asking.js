// The questions of the manager's page. Whatever is done for a clerk is done with a reason.

import { html, nothing } from "../../vendor/lit-html.js";
import { counterOf, labelOf, mayAct, serviceName, state } from "./state.js";
import { clockText } from "../clock.js";
import { ask, backAndGo, picks, tick } from "../dialogs.js";
import { both, t } from "../i18n.js";
import { icon } from "../icons.js";
import { plate } from "../parts.js";

const OTHER = "other";
const OUTCOMES = ["received", "supplement", "refused", "extended", "result", "guidance"];

const lines = (list) => [...list.filter((one) => one.code !== OTHER), ...list.filter((one) => one.code === OTHER)].map((one) => ({ value: one.code, words: both(one.text) }));

/**
 * A question that ends with a reason: one of a closed list, or words of one's own under "other".
 * `body` draws what else is asked; `rest` gives it, or null while something is missing.
 */
export function why({ title, lead = "", list, go, body = () => nothing, rest = () => ({}) }) {
  let chosen = "";
  let words = "";
  return ask((handle) => {
    const reason = () => (chosen === OTHER ? words.trim() : chosen);
    const isReady = () => Boolean(reason()) && rest() !== null;
    const redraw = (change) => (value) => {
      change(value);
      handle.draw();
    };
    return {
      title,
      body: html`${lead ? html`<p class="lead">${lead}</p>` : nothing}${body(redraw)}${picks("reason", t("manager.reason"), lines(list), chosen, redraw((value) => (chosen = value)), "two")}${
        chosen === OTHER || !list.length
          ? html`<label class="field"><span>${t("manager.reason-own")}</span><input class="in" name="words" maxlength="500" .value=${words} @input=${redrawText(redraw, (value) => (words = value))}></label>`
          : nothing
      }`,
      buttons: backAndGo(handle, go, isReady()),
      submit: () => isReady() && handle.close({ ...rest(), reason: reason() }),
    };
  });
}

const redrawText = (redraw, set) => (event) => redraw(set)(event.target.value);

// A counter

/** The counter's facts and its deeds; resolves to a deed, or nothing. `found` is null for who may only look. */
export function counter(number, found) {
  return ask((handle) => {
    const now = counterOf(number);
    const deeds = found ? deedsAt(found) : [];
    return {
      title: t("manager.counter-n", { label: now.label }),
      body: html`<dl class="facts">${fact("manager.fact-state", t.of("page.counter", now.state) + (now.pause ? ` · ${both(now.pause)}` : ""))}${fact("manager.fact-clerk", now.clerk ?? t("manager.none"))}${fact("manager.fact-number", now.ticket ?? t("manager.none"))}${fact("manager.fact-since", now.since ? clockText(now.since) : t("manager.none"))}${fact("manager.fact-services", now.services.map(serviceName).join(" · "))}${
        found ? fact("manager.fact-waiting", String(found.waiting_count)) : nothing
      }${now.held ? fact("manager.fact-held", String(now.held)) : nothing}</dl>${
        deeds.length ? html`<p class="lead">${t("manager.for-the-clerk")}</p><div class="deeds">${deeds.map(([deed, name], index) => html`<button type="button" class="b" data-deed=${deed} ?autofocus=${index === 0} @click=${() => handle.close(deed)}>${icon(name)}<span class="words">${t.of("manager.deed", deed)}</span></button>`)}</div>` : nothing
      }`,
      buttons: html`${mayAct() ? html`<a class="b" href="/counter/${number}">${t("manager.open-page")}</a>` : nothing}<button type="button" class="b go" ?autofocus=${!deeds.length} @click=${() => handle.close(undefined)}>${t("page.close")}</button>`,
    };
  });
}

const fact = (key, words) => html`<div><dt>${t(key)}</dt><dd>${words}</dd></div>`;

function deedsAt(found) {
  const deeds = [];
  const add = (condition, deed, name) => condition && deeds.push([deed, name]);
  const { ticket } = found;
  const isOpen = found.state !== "closed";
  add(!isOpen, "open", "play");
  add(isOpen && !found.paused, "next", "arrow");
  add(ticket?.state === "called", "recall", "speak");
  add(ticket?.state === "called", "start", "play");
  add(ticket, "finish", "check");
  add(ticket?.state === "called", "absent", "absent");
  add(ticket, "transfer", "transfer");
  add(ticket, "hold", "hold");
  add(ticket, "away", "papers");
  add(isOpen && !found.paused, "call", "ticket");
  add(backs(found).length, "return", "return");
  add(isOpen && !found.paused, "pause", "pause");
  add(isOpen && found.paused, "resume", "play");
  add(isOpen, "close", "lock");
  add(isOpen, "help", "help");
  add(true, "services", "edit");
  return deeds;
}

const backs = (found) => [...found.held, ...found.away, ...found.absent];

/** Where the ticket at the counter goes. */
export function transfer(found) {
  let target = "";
  let keepPlace = true;
  let back = false;
  const services = state.view.services.filter((one) => one.id !== found.ticket.service);
  const open = state.view.counters.filter((one) => one.number !== found.number && one.state !== "closed");
  const choices = [
    ...services.map((one) => ({ value: `s:${one.id}`, words: both(one.name), more: t("manager.any-counter") })),
    ...open.map((one) => ({ value: `c:${one.number}`, words: t("manager.counter-n", { label: one.label }), more: one.clerk ?? t("manager.no-clerk") })),
  ];
  return why({
    title: t("manager.transfer-n", { number: found.ticket.shown }),
    list: state.reasons.transfer,
    go: t.of("manager.deed", "transfer"),
    body: (redraw) =>
      html`<div class="targets">${picks("target", t("manager.transfer-to"), choices, target, redraw((value) => (target = value)), "two plain")}</div>${tick(t("manager.keep-place"), keepPlace, (value) => (keepPlace = value))}${tick(t("manager.then-return"), back, (value) => (back = value))}`,
    rest: () => (target ? { ...(target.startsWith("s:") ? { service: target.slice(2) } : { counter: Number(target.slice(2)) }), keep_place: keepPlace, then: back ? "return" : null } : null),
  });
}

/** The outcome, where the manager knows it. */
export function finish(found) {
  let outcome = "unknown";
  const choices = [{ value: "unknown", words: t("manager.outcome-unknown") }, ...OUTCOMES.map((value) => ({ value, words: t.of("manager.outcome", value) }))];
  return why({
    title: t("manager.finish-n", { number: found.ticket.shown }),
    list: state.reasons.manage,
    go: t.of("manager.deed", "finish"),
    body: (redraw) => picks("outcome", t("manager.outcome"), choices, outcome, redraw((value) => (outcome = value)), "two plain"),
    rest: () => (outcome === "unknown" ? {} : { outcome }),
  });
}

/** A number out of order. */
export function callNumber(found) {
  let number = "";
  return why({
    title: t("manager.deed-at", { deed: t.of("manager.deed", "call"), counter: found.label }),
    lead: t("manager.lead-call"),
    list: state.reasons.call.filter((one) => one.code !== "keypad"),
    go: t.of("manager.deed", "call"),
    body: (redraw) => numberField("manager.number", redraw((value) => (number = value))),
    rest: () => (number ? { number: Number(number) } : null),
  });
}

const numberField = (key, set) =>
  html`<label class="field"><span>${t(key)}</span><input class="in number" name="number" inputmode="numeric" maxlength="6" autocomplete="off" autofocus @input=${(event) => set(event.target.value.replace(/\D/g, ""))}></label>`;

/** A held, away or absent number waits again. */
export function giveBack(found) {
  let number = "";
  const choices = backs(found).map((one) => ({ value: String(one.number), words: one.shown, more: t.of("manager.ticket", one.state) }));
  return why({
    title: t("manager.deed-at", { deed: t.of("manager.deed", "return"), counter: found.label }),
    list: state.reasons.manage,
    go: t.of("manager.deed", "return"),
    body: (redraw) => html`<div class="targets">${picks("back", t("manager.number"), choices, number, redraw((value) => (number = value)), "two plain")}</div>`,
    rest: () => (number ? { number: Number(number) } : null),
  });
}

/** What a counter serves today, in the hall's order; what it serves already keeps its own. */
export function services(number) {
  const before = counterOf(number).services;
  const chosen = new Set(before);
  const inOrder = () => [...before.filter((id) => chosen.has(id)), ...state.view.services.map((one) => one.id).filter((id) => chosen.has(id) && !before.includes(id))];
  return why({
    title: t("manager.services-of", { counter: labelOf(number) }),
    lead: t("manager.services-lead"),
    list: state.reasons.manage,
    go: t("manager.services-go"),
    body: (redraw) =>
      html`<fieldset class="picks two targets"><legend class="legend">${t("manager.services")}</legend>${state.view.services.map((one) =>
        tick(both(one.name), chosen.has(one.id), redraw((isOn) => (isOn ? chosen.add(one.id) : chosen.delete(one.id)))),
      )}</fieldset>`,
    rest: () => (chosen.size ? { services: inOrder() } : null),
  });
}

// A service

/** The service's facts and its deeds. */
export function service(id) {
  return ask((handle) => {
    const now = state.view.services.find((one) => one.id === id);
    const day = state.view.day?.services[id];
    const deeds = mayAct() ? [now.paused ? ["resume", "play"] : ["pause", "pause"], ["catch-up", "edit"]] : [];
    return {
      title: both(now.name),
      body: html`<dl class="facts">${fact("manager.fact-state", t.of("manager.service", now.paused ? "paused" : now.state))}${fact("manager.fact-waiting", String(now.waiting))}${fact("manager.fact-late", String(now.late))}${day ? fact("manager.fact-served", t("manager.visits", { count: day.served })) : nothing}${day ? fact("manager.fact-refused", t("manager.times", { count: day.refused_no_numbers })) : nothing}</dl><div class="at-counters"><b>${t("manager.col-counters")}</b> ${
        now.counters.length ? now.counters.map((one) => plate(labelOf(one))) : t("manager.no-counter")
      }</div>${deeds.length ? html`<div class="deeds">${deeds.map(([deed, name], index) => html`<button type="button" class="b" data-deed=${deed} ?autofocus=${index === 0} @click=${() => handle.close(deed)}>${icon(name)}<span class="words">${t.of("manager.service-deed", deed)}</span></button>`)}</div>` : nothing}`,
      buttons: html`<button type="button" class="b go" ?autofocus=${!deeds.length} @click=${() => handle.close(undefined)}>${t("page.close")}</button>`,
    };
  });
}

/** The last number that was served by hand while the server was away. */
export function catchUp(id) {
  let through = "";
  return why({
    title: t("manager.deed-of", { deed: t.of("manager.service-deed", "catch-up"), service: serviceName(id) }),
    lead: t.of("manager.service-lead", "catch-up"),
    list: state.reasons.manage,
    go: t("manager.catch-up-go"),
    body: (redraw) => numberField("manager.through", redraw((value) => (through = value))),
    rest: () => (through ? { through: Number(through) } : null),
  });
}
