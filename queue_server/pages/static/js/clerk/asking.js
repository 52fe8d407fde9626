// The questions that the clerk's page asks, in plain words.

import { html, nothing } from "../../vendor/lit-html.js";
import { get } from "../api.js";
import { ask, backAndGo, confirm, picks, tick } from "../dialogs.js";
import { both, t } from "../i18n.js";
import { groupOf, state } from "./state.js";

/** Services, counters and groups as they are now; the last known where nobody answers. */
export const freshHall = () => get("/hall").catch(() => state.hall);

const OTHER = "other";
const lines = (list) =>
  [...list.filter((one) => one.code !== OTHER), ...list.filter((one) => one.code === OTHER)].map((one) => ({ value: one.code, words: both(one.text) }));

/**
 * A question whose answer is one of a closed list, or words of one's own under "other".
 * `answer` makes of the reason what is given; undefined while something else is missing, and then nothing closes.
 */
function askReason({ title, lead, list, go, body = () => nothing, answer = (reason) => reason }) {
  let chosen = "";
  let words = "";
  return ask((handle) => {
    const reason = () => (chosen === OTHER && words.trim() ? words.trim() : chosen);
    const isReady = () => Boolean(chosen) && answer(reason()) !== undefined;
    return {
      title,
      body: html`${lead ? html`<p class="lead">${lead}</p>` : nothing}${body(handle)}${picks(
        "reason",
        t("clerk.reason"),
        lines(list),
        chosen,
        (value) => {
          chosen = value;
          handle.draw();
        },
        "two",
      )}${
        chosen === OTHER
          ? html`<label class="field"><span>${t("clerk.reason-own")}</span><input class="in" maxlength="500" @input=${(event) => (words = event.target.value)}></label>`
          : nothing
      }`,
      buttons: backAndGo(handle, go, isReady()),
      submit: () => isReady() && handle.close(answer(reason())),
    };
  });
}

export const takeOver = (code) =>
  code === "counter-elsewhere"
    ? useHere()
    : confirm(t("clerk.take-over"), t("clerk.take-over-lead", { clerk: state.view.clerk ?? "" }), t("clerk.take-over-go"));

export const useHere = () => confirm(t("clerk.use-here"), t("clerk.use-here-lead"), t("clerk.use-here-go"));

export const moveHere = (counter) =>
  confirm(t("clerk.move-here", { counter }), t("clerk.move-here-lead", { counter }), t("clerk.move-here-go"));

export function closeCounter() {
  const { ticket, held } = state.view;
  const lead = ticket
    ? t("clerk.close-with-ticket", { number: ticket.shown })
    : held.length
      ? t("clerk.close-with-held", { count: held.length })
      : t("clerk.close-lead");
  return confirm(t("clerk.close"), lead, t("clerk.close"));
}

export const pause = () =>
  askReason({ title: t("clerk.pause"), lead: t("clerk.pause-lead"), list: state.reasons.pause, go: t("clerk.pause") });

export const away = (ticket) =>
  askReason({
    title: t("clerk.away-title", { number: ticket.shown }),
    lead: t("clerk.away-lead"),
    list: state.reasons.away,
    go: t("clerk.away"),
  });

/** Soon after a call: "next", "absent", or nothing. */
export const skipOver = (ticket) =>
  ask((handle) => ({
    title: t("clerk.skip-title", { number: ticket.shown }),
    body: html`<p class="lead">${t("clerk.skip-lead")}</p>`,
    buttons: html`<button type="button" class="b" autofocus @click=${() => handle.close(undefined)}>${t("page.back")}</button
      ><button type="button" class="b" @click=${() => handle.close("next")}>${t("clerk.skip-done")}</button
      ><button type="button" class="b" @click=${() => handle.close("absent")}>${t("clerk.skip-absent")}</button>`,
  }));

export const endFirst = (ticket) =>
  confirm(t("clerk.end-first", { number: ticket.shown }), t("clerk.end-first-lead"), t("clerk.end-first-go"));

/** Where a ticket goes: {service} or {counter}, with reason, place and return. */
export function transfer(ticket) {
  let target = "";
  let keepPlace = true;
  let back = false;
  const counters = state.hall.counters.filter((one) => one.number !== state.counter && one.state !== "closed");
  const services = state.hall.services.filter((one) => one.id !== ticket.service);
  const choices = [
    ...services.map((one) => ({ value: `s:${one.id}`, words: both(one.name), more: t("clerk.any-counter") })),
    ...counters.map((one) => ({
      value: `c:${one.number}`,
      words: t("clerk.counter-n", { label: one.label }),
      more: `${t.of("page.counter", one.state)}${one.clerk ? ` · ${one.clerk}` : ""}`,
    })),
  ];
  return askReason({
    title: t("clerk.transfer-title", { number: ticket.shown }),
    list: state.reasons.transfer,
    go: t("clerk.transfer-go"),
    body: (handle) =>
      html`<div class="targets">${picks("target", t("clerk.transfer-to"), choices, target, (value) => {
        target = value;
        handle.draw();
      }, "two plain")}</div><div class="ticks">${tick(t("clerk.keep-place"), keepPlace, (value) => (keepPlace = value))}${tick(
        t("clerk.then-return"),
        back,
        (value) => (back = value),
      )}</div>`,
    answer: (reason) => {
      if (!target) return undefined;
      const [kind, id] = [target.slice(0, 1), target.slice(2)];
      return { ...(kind === "s" ? { service: id } : { counter: Number(id) }), reason, keep_place: keepPlace, then: back ? "return" : null };
    },
  });
}

/** A number to call out of order, and why: {number, reason}. */
export function callNumber() {
  let number = "";
  return askReason({
    title: t("clerk.call-number"),
    lead: t("clerk.call-number-lead"),
    list: state.reasons.call.filter((one) => one.code !== "keypad"),
    go: t("clerk.call-number-go"),
    body: (handle) =>
      html`<label class="field"><span>${t("clerk.number")}</span><input class="in number" inputmode="numeric" maxlength="6" autocomplete="off" autofocus @input=${(event) => {
        number = event.target.value.replace(/\D/g, "");
        handle.draw();
      }}></label>`,
    answer: (reason) => (number ? { number: Number(number), reason } : undefined),
  });
}

/** Whether the claimed priority stands: {group, proof_seen, reason}. */
export function priority(ticket) {
  const claimed = ticket.priority ?? "";
  let group = claimed; // Where nobody claimed any, none is proposed: an Enter too many must not grant one.
  let isSeen = false;
  return ask((handle) => {
    const known = groupOf(group);
    const answer = (chosen) => handle.close({ group: chosen, proof_seen: chosen !== null && isSeen, reason: "" });
    return {
      title: t("clerk.priority-title", { number: ticket.shown }),
      body: html`${picks(
        "group",
        t("clerk.priority-group"),
        state.hall.priority.map((one) => ({ value: one.group, words: both(one.label), more: both(one.proof) })),
        group,
        (value) => {
          group = value;
          handle.draw();
        },
        "two",
      )}${tick(
        known && both(known.proof) ? t("clerk.proof-seen-of", { proof: both(known.proof) }) : t("clerk.proof-seen"),
        isSeen,
        (value) => (isSeen = value),
      )}${known?.legal_basis ? html`<p class="lead">${known.legal_basis}</p>` : nothing}`,
      buttons: html`<button type="button" class="b" @click=${() => handle.close(undefined)}>${t("page.back")}</button
        >${claimed ? html`<button type="button" class="b" @click=${() => answer(null)}>${t("clerk.priority-refuse")}</button>` : nothing}<button type="submit" class="b go" aria-disabled=${group ? "false" : "true"}>${t("clerk.priority-confirm")}</button>`,
      submit: () => group && answer(group),
    };
  });
}

/** A number for somebody at the desk: {service, priority}. */
export function takeTicket() {
  let service = state.view.services[0] ?? "";
  let group = "";
  return ask((handle) => ({
    title: t("clerk.take"),
    body: html`${picks(
      "service",
      t("clerk.take-service"),
      state.hall.services.map((one) => ({ value: one.id, words: both(one.name) })),
      service,
      (value) => (service = value),
      "two",
    )}<label class="field"><span>${t("clerk.take-priority")}</span><select class="in" @change=${(event) => (group = event.target.value)}><option value="">${t("clerk.no-priority")}</option>${state.hall.priority.map(
      (one) => html`<option value=${one.group}>${both(one.label)}</option>`,
    )}</select></label>`,
    buttons: backAndGo(handle, t("clerk.take-go"), Boolean(service)),
    submit: () => service && handle.close({ service, ...(group ? { priority: group } : {}) }),
  }));
}

/** Signing out: "close" the counter as well, "leave" it open, or nothing. */
export const signOut = () =>
  ask((handle) => ({
    title: t("page.sign-out"),
    body: html`<p class="lead">${t("clerk.sign-out-open")}</p>`,
    buttons: html`<button type="button" class="b" @click=${() => handle.close(undefined)}>${t("page.back")}</button
      ><button type="button" class="b" @click=${() => handle.close("leave")}>${t("clerk.sign-out-only")}</button
      ><button type="submit" class="b go" autofocus>${t("clerk.sign-out-close")}</button>`,
    submit: () => handle.close("close"),
  }));

const KEYS = [
  ["F2", "clerk.key-next"],
  ["F4", "clerk.key-recall"],
  ["F7", "clerk.key-start"],
  ["F8", "clerk.key-transfer"],
  ["F9", "clerk.key-finish"],
  ["⇧F9", "clerk.key-hold"],
  ["F10", "clerk.key-absent"],
  ["1 – 6", "clerk.key-outcome"],
  ["Esc", "clerk.key-escape"],
];

/** Every key and what it does. */
export const keys = () =>
  ask((handle) => ({
    title: t("clerk.keys"),
    body: html`<dl class="keymap">${KEYS.map(([key, words]) => html`<div><dt><kbd class="kbd">${key}</kbd></dt><dd>${t(words)}</dd></div>`)}</dl><p class="lead">${t("clerk.keys-lead")}</p>`,
    buttons: html`<button type="submit" class="b go" autofocus>${t("page.close")}</button>`,
    submit: () => handle.close(true),
  }));

