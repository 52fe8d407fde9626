// One line of the waiting list in full: what for, since when, when its turn is expected, and why then.

import { html, nothing } from "../../vendor/lit-html.js";
import { get } from "../api.js";
import { clockText, minutesSince, now } from "../clock.js";
import { ask } from "../dialogs.js";
import { both, t } from "../i18n.js";

/** Show it; `what` is what the list says that it came for. */
export function about(line, what) {
  let ticket = null;
  let isAsked = false;
  let isLost = false;
  return ask((handle) => {
    if (!isAsked) {
      isAsked = true;
      get(`/tickets/${line.id}`)
        .then((found) => (ticket = found))
        .catch(() => (isLost = true))
        .finally(handle.draw);
    }
    const facts = [
      [t("clerk.about-what"), what],
      [t("clerk.has-waited"), t("clerk.minutes", { count: minutesSince(line.waits_from) })],
      line.booked_at ? [t("clerk.booked-at"), clockText(line.booked_at)] : null,
      ticket ? [t("clerk.expected"), expected(ticket)] : null,
      ticket?.expected_because ? [t("clerk.because"), both(ticket.expected_because)] : null,
    ];
    return {
      title: t("clerk.about", { number: line.shown }),
      body: html`<dl class="about" aria-busy=${ticket || isLost ? "false" : "true"}>${facts.filter(Boolean).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>${isLost ? html`<p class="lead">${t("page.unreachable")}</p>` : nothing}`,
      buttons: html`<button type="submit" class="b go" autofocus>${t("page.close")}</button>`,
      submit: () => handle.close(true),
    };
  });
}

function expected(ticket) {
  if (ticket.state !== "waiting") return t("clerk.about-called");
  if (ticket.expected_wait_s === null) return t("clerk.expected-unknown");
  const at = (seconds) => clockText(now() + seconds * 1000);
  const time = at(ticket.expected_wait_s);
  return ticket.wait_p90_s === null ? t("clerk.expected-at", { time }) : t("clerk.expected-by", { time, late: at(ticket.wait_p90_s) });
}
