// What the clerk sees: the list, the present ticket, the keys at the right. Pure drawings of `state`.

import { html, nothing } from "../../vendor/lit-html.js";
import { clockText, duration, minutesSince, now, since } from "../clock.js";
import { icon } from "../icons.js";
import { both, decimal, t } from "../i18n.js";
import { button, figures, notice } from "../parts.js";
import { about } from "./about.js";
import * as actions from "./actions.js";
import { changed, groupOf, isAtWork, procedureName, serviceName, standing, state, usualMinutes } from "./state.js";
import { visitForm } from "./visit.js";
import * as work from "./work.js";

const LATE_MINUTES = 15; // The goal of the service index.

/** One action as a button: off while something is on its way, while the link is lost, or where it makes no sense. */
function action({ name, when = true, why, ...it }) {
  const off = Boolean(state.busy) || !isAtWork() || !when;
  const reason = state.link === "live" ? why : t("clerk.off-link");
  return button({ ...it, off, why: reason, kind: `${it.kind ?? ""} ${state.busy === name ? "sending" : ""}` });
}

// The waiting list

export function waitingPane() {
  const { view } = state;
  const longest = view.waiting.reduce((most, one) => Math.max(most, minutesSince(one.waits_from)), 0);
  return html`<aside class="side ${state.isListOpen ? "open" : ""}" id="waiting" aria-label=${t("clerk.waiting-list")}>
    <h2>${t("clerk.waiting", { count: view.waiting_count })}<span>${view.waiting.length ? t("clerk.longest", { minutes: longest }) : nothing}</span></h2>
    ${view.waiting.length
      ? html`<ol class="waiting" aria-label=${t("clerk.waiting-list")} @keydown=${walked}>${view.waiting.map(waitingLine)}</ol>`
      : html`<p class="none">${t("clerk.nobody-waits")}</p>`}
    ${view.waiting_count > view.waiting.length ? html`<p class="none">${t("clerk.more-waiting", { count: view.waiting_count - view.waiting.length })}</p>` : nothing}
  </aside>`;
}

// One stop of the Tab key for the whole list; arrows walk in it, Enter tells more.
const waitingLine = (one, index) =>
  html`<li class=${index === 0 ? "first" : ""}><button type="button" class="who" tabindex=${index === Math.min(walkedTo, state.view.waiting.length - 1) ? "0" : "-1"} aria-label=${t("clerk.about", { number: one.shown })} aria-haspopup="dialog" @click=${() => {
    walkedTo = index;
    about(one, whatFor(one));
  }}>${figures(one.shown)}</button><em title=${whatFor(one)}>${remark(one)}<span class="what">${whatFor(one)}</span></em>${minutes(one.waits_from)}</li>`;

let walkedTo = 0;
const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity };

function walked(event) {
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  const lines = event.currentTarget.querySelectorAll(".who");
  walkedTo = Math.min(Math.max(Math.min(walkedTo, lines.length - 1) + step, 0), lines.length - 1);
  lines[walkedTo].focus();
  changed();
}

function minutes(instant) {
  const count = minutesSince(instant);
  const words = t("clerk.minutes", { count });
  return count > LATE_MINUTES
    ? html`<span class="wait late">${icon("clock")}<span class="sr">${t("clerk.late")}</span>${words}</span>`
    : html`<span class="wait">${words}</span>`;
}

/** Why this one stands where it stands: priority, booked, came back, sent here, many papers. */
function remark(one) {
  const words = [];
  if (one.rank_class >= 1 && one.rank_class <= 9) words.push(priorityWords(one));
  if (one.booked_at) words.push(t("clerk.booked", { time: clockText(one.booked_at) }));
  if (one.back) words.push(t.of("clerk.back", one.back));
  if (one.directed) words.push(t("clerk.directed"));
  if (one.items > 1) words.push(t("clerk.items", { count: one.items }));
  return words.length ? html`<b>${words.join(" · ")}</b>` : nothing;
}

function priorityWords(one) {
  const group = groupOf(one.priority);
  return group ? t("clerk.priority-of", { group: both(group.label) }) : t("clerk.priority-rank", { rank: one.rank_class });
}

// Procedures say most; a counter with one service need not say on every line which one it is.
function whatFor(one) {
  const procedures = one.procedures ?? one.staff?.procedures ?? [];
  if (procedures.length) return procedures.map(procedureName).join(", ");
  return state.view.services.length === 1 && one.service === state.view.services[0] ? t("clerk.no-procedure") : both(serviceName(one.service));
}

// The middle

export function middlePane() {
  const { view } = state;
  return html`<main class="mid" id="middle">
    ${linkNotice()}
    ${view.ticket ? present(view.ticket) : empty()}
  </main>`;
}

function linkNotice() {
  if (state.link !== "lost") return nothing;
  const time = clockText(now() - (performance.now() - state.lostAt));
  return html`<div role="alert">${notice("stop", "unlink", t("clerk.lost", { time }), t("clerk.lost-works"))}</div>`;
}

// Said once, politely, and left there until the next thing happens.
const lastNotice = () =>
  html`<div class="said" role="status">${state.notice ? notice(state.notice.kind, state.notice.icon, state.notice.words, state.notice.more) : nothing}</div>`;

const primary = (words, name = "arrow") =>
  button({ kind: `primary ${state.busy ? "sending" : ""}`, icon: name, words, key: "F2", press: actions.goOn, off: Boolean(state.busy) || state.link !== "live", why: t("clerk.off-link") });

function empty() {
  const { view } = state;
  const here = standing();
  if (here === "closed") return scene(t("clerk.closed-title"), t("clerk.closed-lead"), primary(t("clerk.open"), "check"));
  if (here === "nobody") return scene(t("clerk.nobody-title"), t("clerk.nobody-lead"), primary(t("clerk.sit"), "check"));
  if (here === "taken") return scene(t("clerk.taken-title"), t("clerk.taken-lead", { clerk: view.clerk ?? "" }), primary(t("clerk.take-over"), "transfer"));
  if (view.paused) return scene(t("clerk.paused-title"), t("clerk.paused-lead"), primary(t("clerk.resume"), "play"));
  const [first] = view.waiting;
  return html`<section class="idle">
      <p>${first ? t("clerk.next-up") : t("clerk.nobody-waits")}</p>
      ${first ? nextUp(first) : nothing}
      ${primary(t("clerk.next"))}
      <div class="also">${action({ name: "call", icon: "search", words: t("clerk.call-number"), press: () => actions.callNumber() })}${action({ name: "take", icon: "plus", words: t("clerk.take"), press: actions.takeTicket })}</div>
      ${lastNotice()}
    </section>${today()}`;
}

const scene = (title, lead, go) =>
  html`<section class="idle"><h2>${title}</h2><p>${lead}</p>${go}${lastNotice()}</section>${today()}`;

function nextUp(one) {
  const count = minutesSince(one.waits_from);
  return html`<div class="up"><span class="num">${one.shown}</span><div class="long"><b>${whatFor(one)}</b>${remark(one)}<span>${
    count > LATE_MINUTES ? t("clerk.waited-late", { count, limit: LATE_MINUTES }) : t("clerk.waited", { count })
  }</span></div></div>`;
}

function today() {
  const day = state.view.today;
  if (!day) return nothing;
  const mean = day.service_mean_s === null ? t("clerk.no-mean") : t("clerk.mean-minutes", { minutes: decimal(day.service_mean_s / 60) });
  const facts = [
    [t("clerk.today-served"), t("clerk.today-served-n", { count: day.served })],
    [t("clerk.today-mean"), mean],
    [t("clerk.today-absent"), String(day.absent)],
    [t("clerk.today-since"), day.opened_at ? clockText(day.opened_at) : t("clerk.not-opened")],
  ];
  return html`<dl class="day">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function present(ticket) {
  const isServing = ticket.state === "serving";
  const usual = usualMinutes(ticket.service);
  const from = isServing ? ticket.started_at : ticket.called_at;
  return html`<div class="visit ${work.notes().rows.length > 1 ? "dense" : ""}"><div class="current ${isServing ? "" : "calling"}">
      <div><h2>${isServing ? t("clerk.now-serving") : t("clerk.now-calling")}</h2><div class="num big">${ticket.shown}</div></div>
      <div class="timer"><span>${isServing ? t("clerk.service-time") : t("clerk.since-call")}</span><b>${duration(since(from))}</b><span>${
        isServing ? (usual ? t("clerk.usual", { count: usual }) : nothing) : ticket.staff?.recalls ? t("clerk.recalls", { count: ticket.staff.recalls }) : nothing
      }</span></div>
    </div>
    ${facts(ticket)}
    ${["mine", "acting"].includes(standing()) ? visitForm(ticket) : notAtWork()}</div>
    ${lastNotice()}
    <div class="finish">${primary(goWords())}${action({ name: "finish", icon: "check", words: t("clerk.finish"), key: "F9", press: () => actions.finish(false), kind: "tall" })}</div>`;
}

const notAtWork = () =>
  standing() === "nobody"
    ? notice("warn", "info", t("clerk.nobody-title"), t("clerk.nobody-lead"))
    : notice("warn", "info", t("clerk.taken-title"), t("clerk.taken-lead", { clerk: state.view.clerk ?? "" }));

function goWords() {
  const here = standing();
  if (here === "taken") return t("clerk.take-over");
  if (here === "nobody") return t("clerk.sit");
  if (state.view.paused) return t("clerk.finish");
  return state.view.ticket.state === "serving" || work.isNoted() ? t("clerk.finish-next") : t("clerk.next");
}

function facts(ticket) {
  const staff = ticket.staff;
  const waited = Math.max(0, Math.floor((Date.parse(ticket.started_at ?? ticket.called_at) - Date.parse(staff?.waits_from ?? ticket.issued_at)) / 60000));
  return html`<dl class="facts">
    <div class="wide"><dt>${t("clerk.service")}</dt><dd class="long" tabindex="0">${both(serviceName(ticket.service))}</dd></div>
    <div><dt>${t("clerk.has-waited")}</dt><dd>${t("clerk.minutes", { count: waited })}</dd></div>
    <div><dt>${t("clerk.priority")}</dt><dd>${priorityFact(ticket)}</dd></div>
    <div><dt>${t("clerk.language")}</dt><dd>${staff?.language ? t.of("page.language", staff.language) : t("page.language-vi")}</dd></div>
    ${staff?.booked_at ? html`<div><dt>${t("clerk.booked-at")}</dt><dd>${clockText(staff.booked_at)}</dd></div>` : nothing}
    ${staff?.items > 1 ? html`<div><dt>${t("clerk.papers")}</dt><dd>${t("clerk.items", { count: staff.items })}</dd></div>` : nothing}
    ${staff?.back_to ? html`<div><dt>${t("clerk.then")}</dt><dd>${t("clerk.back-to", { counter: staff.back_to })}</dd></div>` : nothing}
    ${staff?.reason ? html`<div class="wide"><dt>${t("clerk.why-called")}</dt><dd class="why" title=${both(staff.reason)}>${both(staff.reason)}</dd></div>` : nothing}
  </dl>`;
}

function priorityFact(ticket) {
  const staff = ticket.staff;
  const claimed = staff && (staff.claimed_rank > 0 || (staff.rank_class >= 1 && staff.rank_class <= 9));
  const group = groupOf(ticket.priority);
  const words = claimed ? (group ? both(group.label) : t("clerk.priority-rank", { rank: staff.rank_class || staff.claimed_rank })) : t("clerk.no-priority");
  const mark = claimed ? (staff.confirmed ? t("clerk.is-confirmed") : t("clerk.not-confirmed")) : "";
  return html`<span class=${claimed && !staff.confirmed ? "claim" : ""}>${words}${mark ? html` <small>${mark}</small>` : nothing}</span>${action({ name: "priority", kind: "small quiet", words: claimed && !staff.confirmed ? t("clerk.decide") : t("clerk.change"), label: t("clerk.priority-change"), press: actions.priority })}`;
}

// The right

export function rightPane() {
  const { view } = state;
  const ticket = view.ticket;
  const isCalled = ticket?.state === "called";
  const none = t("clerk.off-no-ticket");
  const notCalled = ticket ? t("clerk.off-started") : none;
  return html`<aside class="right" aria-label=${t("clerk.actions")}>
    ${action({ name: "recall", icon: "speak", words: t("clerk.recall"), key: "F4", press: actions.recall, when: isCalled, why: notCalled })}
    ${action({ name: "start", icon: "play", words: t("clerk.start"), key: "F7", press: actions.start, when: isCalled, why: notCalled })}
    ${action({ name: "transfer", icon: "transfer", words: t("clerk.transfer"), key: "F8", press: actions.transfer, when: ticket, why: none })}
    ${action({ name: "hold", icon: "hold", words: t("clerk.hold"), key: "⇧F9", press: actions.hold, when: ticket, why: none })}
    ${action({ name: "absent", icon: "absent", words: t("clerk.absent"), key: "F10", press: actions.absent, when: isCalled, why: notCalled })}
    ${action({ name: "away", icon: "papers", words: t("clerk.away"), press: actions.away, when: ticket, why: none })}
    ${ticket ? action({ name: "call", icon: "search", words: t("clerk.call-number-short"), press: () => actions.callNumber() }) : nothing}
    ${action({ name: "help", icon: "help", words: t("clerk.help"), press: actions.help })}
    ${group(t("clerk.list-held"), view.held, (one) => action({ name: "call", kind: "small", words: t("clerk.call-in"), label: t("clerk.call-in-number", { number: one.shown }), press: () => actions.callNumber(one.number, "came-back"), when: !view.paused, why: t("clerk.off-paused") }))}
    ${group(t("clerk.list-away"), view.away, backButton)}
    ${group(t("clerk.list-absent"), view.absent, backButton)}
  </aside>`;
}

const backButton = (one) =>
  action({ name: "return", kind: "small", words: t("clerk.is-back"), label: t("clerk.is-back-number", { number: one.shown }), press: () => actions.comeBack(one.number) });

function group(title, tickets, end) {
  if (!tickets.length) return nothing;
  return html`<section><h2>${title}<span>${tickets.length}</span></h2><ul class="mini">${tickets.map(
    (one) =>
      html`<li>${figures(one.shown)}<em><span class="what">${one.staff?.left_why ? both(one.staff.left_why) : whatFor(one)}</span>${
        one.staff?.left_at ? html`<span>${t("clerk.minutes", { count: minutesSince(one.staff.left_at) })}</span>` : nothing
      }</em>${end(one)}</li>`,
  )}</ul></section>`;
}
