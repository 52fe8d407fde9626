// What each state says: what is true now, and what to do. Times are given only while the link is live.

import { clockText, now } from "../clock.js";
import { both, t } from "../i18n.js";
import { icon } from "../icons.js";
import { notice, plate } from "../parts.js";
import { html, nothing } from "../../vendor/lit-html.js";

const PLACES = 8; // Of the line that is drawn; a longer one is told in words alone.
const PLATES_MAX = 10; // A hall of sixty counters fills the page with them; the call names the one.
const NEAR = 3;
const NEAR_MS = 15 * 60000;
const ANY_MOMENT_MS = 60000;

/** The part below the number. */
export function below(view, isLost) {
  switch (view.state) {
    case "waiting":
      return waiting(view, isLost);
    case "called":
      return isLost ? said(t("citizen.called-lost", { time: clockText(view.called_at) }), t("citizen.called-missed"), view.counter) : called(view);
    case "serving":
      return said(t("citizen.serving"), t("citizen.serving-lead"), view.counter);
    case "held":
      return said(t("citizen.held"), t("citizen.held-lead"), view.counter);
    case "away":
      return said(t("citizen.away"), t("citizen.away-lead"));
    case "absent":
      return view.return_until
        ? said(t("citizen.absent"), t("citizen.absent-lead", { time: clockText(view.return_until) }))
        : said(t("citizen.absent-over"), t("citizen.new-lead"));
    case "finished":
      return said(t("citizen.finished"), t("citizen.finished-lead"));
    case "cancelled":
      return said(t("citizen.cancelled"), t("citizen.new-lead"));
    default:
      return said(t("citizen.expired"), t("citizen.expired-lead"));
  }
}

/** Whether it waits for a call that does not come any more. */
export const isOver = (view) => view.state === "waiting" && view.notes.some((one) => one.code === "desks-closed");

/** One line for the title of the window and for whoever listens to the page. */
export function inAWord(view) {
  if (view.state === "called") return t("citizen.title-called", { number: view.shown, counter: view.counter ?? "" });
  if (isOver(view)) return `${view.shown} · ${t("citizen.note-desks-closed")}`;
  if (view.state === "waiting") return `${view.shown} · ${ahead(view)}`;
  return `${view.shown} · ${t.of("citizen.state", view.state)}`;
}

const ahead = (view) => (view.ahead ? t("citizen.ahead", { count: view.ahead }) : t("citizen.next"));

const said = (title, lead, counter) =>
  html`<section class="st" aria-live="polite"><h1>${title}${counter ? html` ${plate(counter)}` : nothing}</h1><p>${lead}</p></section>`;

const called = (view) => html`<section class="st go" role="alert"><h1 class="to"><span>${t("citizen.go-to")}</span>${icon("arrow")}${plate(
  view.counter ?? "",
)}</h1><p>${t("citizen.called-missed")}</p></section>`;

// The day is over: a place in line would promise a call that does not come.
const closed = () => said(t("citizen.note-desks-closed"), t("citizen.todo-desks-closed"));

function waiting(view, isLost) {
  if (isOver(view)) return closed();
  return html`<section class="st" aria-live="polite"><h1>${ahead(view)}</h1>${
      isLost ? html`<p>${t("citizen.time-unknown")}</p>` : when(view)
    }${isNear(view) ? html`<p><b>${t("citizen.near")}</b></p>` : nothing}</section>
    ${view.ahead !== null && view.ahead < PLACES ? line(view.ahead) : nothing}
    ${view.notes.length ? html`<div class="notes" role="status">${view.notes.map(note)}</div>` : nothing}
    <dl class="kvp"><div><dt>${t("citizen.counters")}</dt><dd>${counters(view, isLost)}</dd></div></dl>${
      view.because && !isLost ? html`<details class="because"><summary>${t("citizen.because")}</summary><p>${both(view.because)}</p></details>` : nothing
    }`;
}

// Few before it is not soon where one visit takes half an hour.
const isNear = (view) =>
  view.ahead !== null && view.ahead < NEAR && !pauses(view) && !(view.expected_at && Date.parse(view.expected_at) - now() > NEAR_MS);

/** Whether nobody is called just now. */
const pauses = (view) => view.notes.some((one) => ["lunch", "not-yet-open", "desks-closed", "no-counter"].includes(one.code));

function when(view) {
  if (!view.expected_at) return html`<p>${t("citizen.time-unknown")}</p>`;
  const isSoon = Date.parse(view.expected_at) - now() < ANY_MOMENT_MS;
  return html`<p>${
    isSoon ? html`<b>${t("citizen.any-moment")}</b>` : html`${t("citizen.expected")} <b class="time">${clockText(view.expected_at)}</b>.`
  }${view.late_at ? html` ${t("citizen.late", { time: clockText(view.late_at) })}` : nothing}</p>`;
}

const line = (count) =>
  html`<div class="line" aria-hidden="true">${Array.from({ length: PLACES }, (_, place) =>
    place === count ? html`<i class="me"></i>` : html`<i class=${place < count ? "before" : ""}></i>`,
  )}</div>`;

const NOTE_ICONS = { lunch: "pause", "not-yet-open": "clock", "last-call": "info", paused: "info" };

function note(one) {
  const [kind, name] = NOTE_ICONS[one.code] ? ["", NOTE_ICONS[one.code]] : ["warn", "warn"];
  const values = { time: one.at ? clockText(one.at) : "" };
  return notice(kind, name, t.of("citizen.note", one.code, values), t.of("citizen.todo", one.code, values));
}

// Those that call first; those in a pause stand together, with one word for all.
function counters(view, isLost) {
  if (!view.counters.length) return t("citizen.no-counters");
  const rest = view.counters.filter((one) => one.state === "paused");
  const calling = view.counters.filter((one) => one.state !== "paused");
  const more = Math.max(0, calling.length - PLATES_MAX);
  if (calling.length >= PLATES_MAX) rest.length = 0;
  return html`${calling.slice(0, PLATES_MAX).map((one) => plate(one.label, isLost))}${more ? html`<small>${t("citizen.more-counters", { count: more })}</small>` : nothing}${
    rest.length ? html`<span class="at">${rest.slice(0, PLATES_MAX).map((one) => plate(one.label, true))}<small>${t("citizen.counter-rests")}</small></span>` : nothing
  }`;
}
