// The questions that the guide's page asks, in plain words.

import { html, nothing } from "../../vendor/lit-html.js";
import { ask, backAndGo, picks, tick } from "../dialogs.js";
import { both, t } from "../i18n.js";
import { groupOf, people, serviceOf, state } from "./state.js";

const OTHER = "other";
const lines = (list) =>
  [...list.filter((one) => one.code !== OTHER), ...list.filter((one) => one.code === OTHER)].map((one) => ({ value: one.code, words: both(one.text) }));

const groups = () => state.hall.priority.map((one) => ({ value: one.group, words: both(one.label), more: both(one.proof) }));

const proofTick = (group, isSeen, set) =>
  tick(group && both(group.proof) ? t("guide.proof-seen-of", { proof: both(group.proof) }) : t("guide.proof-seen"), isSeen, set);

const law = (group) => (group?.legal_basis ? html`<p class="lead">${group.legal_basis}</p>` : nothing);

/** Reasons of a closed list, with a line of one's own under "other"; `mine` holds {chosen, words}. */
function reasonPicks(handle, list, mine) {
  return html`${picks("reason", t("guide.reason"), lines(list), mine.chosen, (value) => {
    mine.chosen = value;
    handle.draw();
  }, "two")}${
    mine.chosen === OTHER
      ? html`<label class="field"><span>${t("guide.reason-own")}</span><input class="in" maxlength="500" @input=${(event) => (mine.words = event.target.value)}></label>`
      : nothing
  }`;
}

const reasonOf = (mine) => (mine.chosen === OTHER && mine.words.trim() ? mine.words.trim() : mine.chosen);

/** The group that somebody claims before a number is given: {group, isSeen}. */
export function claim() {
  let { priority: group, isSeen } = state.wish;
  return ask((handle) => ({
    title: t("guide.priority"),
    body: html`${picks("group", t("guide.priority-group"), [{ value: "", words: t("guide.no-priority") }, ...groups()], group, (value) => {
      group = value;
      handle.draw();
    })}${group ? html`${proofTick(groupOf(group), isSeen, (value) => (isSeen = value))}${law(groupOf(group))}` : nothing}`,
    buttons: backAndGo(handle, t("guide.choose")),
    submit: () => handle.close({ group, isSeen: Boolean(group) && isSeen }),
  }));
}

/** Whether the claimed priority stands: {group, proof_seen, reason}. */
export function priority(ticket) {
  let group = ticket.priority ?? "";
  let isSeen = false;
  return ask((handle) => {
    const answer = (chosen) => handle.close({ group: chosen, proof_seen: chosen !== null && isSeen, reason: "" });
    return {
      title: t("guide.priority-title", { number: ticket.shown }),
      body: html`${picks("group", t("guide.priority-group"), groups(), group, (value) => {
        group = value;
        handle.draw();
      })}${proofTick(groupOf(group), isSeen, (value) => {
        isSeen = value;
        handle.draw();
      })}${law(groupOf(group))}`,
      buttons: html`<button type="button" class="b" @click=${() => handle.close(undefined)}>${t("page.back")}</button
        ><button type="button" class="b" @click=${() => answer(null)}>${t("guide.priority-refuse")}</button
        ><button type="submit" class="b go" aria-disabled=${group && isSeen ? "false" : "true"}>${t("guide.priority-confirm")}</button>`,
      submit: () => group && isSeen && answer(group),
    };
  });
}

/** The right service for a wrong ticket: {service, keep_place, reason}. */
export function move(ticket) {
  let service = "";
  let keepPlace = true;
  const mine = { chosen: "wrong-service", words: "" };
  const others = state.view.services.filter((one) => one.id !== ticket.service);
  return ask((handle) => ({
    title: t("guide.move-title", { number: ticket.shown }),
    body: html`<p class="lead">${t("guide.move-lead", { service: both(serviceOf(ticket.service).name) })}</p>${picks(
      "service",
      t("guide.move-to"),
      others.map((one) => ({ value: one.id, words: both(one.name), more: people(one.waiting) })),
      service,
      (value) => {
        service = value;
        handle.draw();
      },
      "two plain",
    )}${tick(t("guide.keep-place"), keepPlace, (value) => (keepPlace = value))}${reasonPicks(handle, state.reasons.move, mine)}`,
    buttons: backAndGo(handle, t("guide.move-go"), Boolean(service && mine.chosen)),
    submit: () => service && mine.chosen && handle.close({ service, keep_place: keepPlace, reason: reasonOf(mine) }),
  }));
}

/** Why a ticket is given up. */
export function cancel(ticket) {
  const mine = { chosen: "", words: "" };
  return ask((handle) => ({
    title: t("guide.cancel-title", { number: ticket.shown }),
    body: html`<p class="lead">${t("guide.cancel-lead")}</p>${reasonPicks(handle, state.reasons.cancel, mine)}`,
    buttons: backAndGo(handle, t("guide.cancel-go"), Boolean(mine.chosen)),
    submit: () => mine.chosen && handle.close(reasonOf(mine)),
  }));
}

const KEYS = [
  ["F2", "guide.key-primary"],
  ["F4", "guide.key-find"],
  ["F7", "guide.key-hall"],
  ["F8", "guide.key-procedures"],
  ["F9", "guide.key-booking"],
  ["Esc", "guide.key-escape"],
];

/** Every key and what it does. */
export const keys = () =>
  ask((handle) => ({
    title: t("guide.keys"),
    body: html`<dl class="keymap">${KEYS.map(([key, words]) => html`<div><dt><kbd class="kbd">${key}</kbd></dt><dd>${t(words)}</dd></div>`)}</dl>`,
    buttons: html`<button type="submit" class="b go" autofocus>${t("page.close")}</button>`,
    submit: () => handle.close(true),
  }));
