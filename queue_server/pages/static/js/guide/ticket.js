// One ticket: its number, where it stands, and what the guide can do about it.

import { html, nothing } from "../../vendor/lit-html.js";
import { clockText, minutesSince } from "../clock.js";
import { both, t } from "../i18n.js";
import { button, chip, plate } from "../parts.js";
import * as actions from "./actions.js";
import { canSpeak, showGiant, speak } from "./giant.js";
import { countersOf, expectation, few, go, groupOf, people, procedureName, serviceName, state } from "./state.js";

const PLATES_MAX = 10;
const OUT = ["held", "away", "absent"];
const CANCELLABLE = ["waiting", "held", "away"];
const ENDED = ["finished", "cancelled", "expired"];
const STATES = { waiting: ["", "clock"], called: ["signal", "speak"], serving: ["enamel", "play"], held: ["warn", "hold"], away: ["warn", "papers"], absent: ["warn", "absent"], finished: ["good", "check"], cancelled: ["", "x"], expired: ["", "x"] };

/** Leave the ticket, unless it was opened this very moment: the next number begins with nothing chosen. */
export function done() {
  if (actions.isReady()) go(state.isNew ? "issue" : state.tab);
}

export function ticketPane() {
  const { ticket } = state;
  const [fresh, name] = STATES[ticket.state];
  const kind = state.link === "live" ? fresh : "";
  const key = state.isNew ? { icon: "plus", words: t("guide.another") } : { icon: "back", words: t("guide.done") };
  return html`<section class="ticket" aria-label=${t("guide.ticket-n", { number: ticket.shown })}>
    <div class="about" tabindex="0"><h2>${state.isNew ? t("guide.new-number") : t("guide.number")}</h2>
      <div class="top"><div class="big num" data-length=${Math.min(ticket.shown.length, 9)}>${ticket.shown}</div>
        <div>${chip(kind, name, t.of("guide.state", ticket.state))}<p class="service">${serviceName(ticket.service)}</p></div></div>${facts(ticket)}</div>
    <div class="deeds">${deeds(ticket)}</div>
    <div class="foot">${button({ kind: "primary", ...key, key: "F2", press: done, off: Boolean(state.busy) })}</div></section>`;
}

function facts(ticket) {
  const staff = ticket.staff;
  const isWaiting = ticket.state === "waiting";
  return html`<dl class="facts">
    ${isWaiting && ticket.ahead !== null && state.link === "live" ? fact(t("guide.ahead"), people(ticket.ahead)) : nothing}
    ${isWaiting ? fact(t("guide.about-when"), expected(ticket)) : nothing}
    ${fact(t("guide.counters"), plates(ticket))}
    ${staff ? fact(isWaiting ? t("guide.waits") : t("guide.taken-at"), isWaiting ? t("guide.minutes", { count: minutesSince(staff.waits_from) }) : clockText(ticket.issued_at)) : nothing}
    ${fact(t("guide.priority"), priorityWords(ticket))}
    ${staff?.items > 1 ? fact(t("guide.items"), String(staff.items)) : nothing}
    ${staff?.language && staff.language !== "vi" ? fact(t("guide.language"), t.of("page.language", staff.language)) : nothing}
    ${staff?.procedures.length ? fact(t("guide.procedures"), staff.procedures.map(procedureName).join(", ")) : nothing}
    ${staff?.left_why ? fact(t("guide.why-left"), both(staff.left_why)) : nothing}</dl>`;
}

const fact = (name, value) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

function expected(ticket) {
  const when = expectation(ticket);
  if (!when) return t("guide.slip-unknown");
  return html`${clockText(when.about)}${when.bound === null ? nothing : html`<small>${t("guide.slip-bound", { time: clockText(when.bound) })}</small>`}`;
}

function plates(ticket) {
  const counters = countersOf(ticket);
  if (!counters.length) return t("guide.no-counter");
  const { first, more } = few(counters, PLATES_MAX);
  return html`<span class="plates">${first.map((one) => plate(one.label, one.state === "closed"))}</span>${more ? html`<small>${t("guide.more", { count: more })}</small>` : nothing}`;
}

function priorityWords(ticket) {
  const staff = ticket.staff;
  const rank = staff ? staff.claimed_rank || (staff.rank_class >= 1 && staff.rank_class <= 9 ? staff.rank_class : 0) : 0;
  if (!rank) return t("guide.no-priority");
  const group = groupOf(ticket.priority);
  const mark = staff.confirmed ? t("guide.is-confirmed") : t("guide.not-confirmed");
  return html`${group ? both(group.label) : t("guide.priority-rank", { rank })}<small>${mark}</small>`;
}

// Printing, showing and speaking need no hall; the rest does.
function deeds(ticket) {
  const busy = Boolean(state.busy);
  const hasEnded = ENDED.includes(ticket.state);
  const deed = ({ when = true, why, ...it }) => {
    const isLost = state.link !== "live";
    return button({ ...it, off: busy || isLost || !when, why: isLost ? t("guide.off-link") : why });
  };
  const isOut = OUT.includes(ticket.state);
  return html`${button({ icon: "printer", words: t("guide.print"), press: actions.printAgain, off: busy || hasEnded, why: t("guide.off-ended") })}
    ${button({ icon: "text", words: t("guide.giant"), press: showGiant, off: busy || hasEnded, why: t("guide.off-ended") })}
    ${canSpeak(ticket) ? button({ icon: "speak", words: t("guide.speak"), press: () => speak(ticket), off: hasEnded, why: t("guide.off-ended") }) : nothing}
    ${isOut ? deed({ icon: "return", words: t("guide.is-back"), press: actions.comeBack }) : nothing}
    ${deed({ icon: "transfer", words: t("guide.move"), press: actions.move, when: ticket.state === "waiting" && state.view.services.length > 1, why: t("guide.off-waiting") })}
    ${deed({ icon: "priority", words: t("guide.priority-decide"), press: actions.priority, when: !hasEnded && state.hall.priority.length, why: t("guide.off-ended") })}
    ${deed({ icon: "x", words: t("guide.cancel"), press: actions.cancel, when: CANCELLABLE.includes(ticket.state), why: t("guide.off-cancel") })}`;
}
