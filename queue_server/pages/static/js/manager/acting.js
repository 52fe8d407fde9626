// What a manager does: at a counter for its clerk, with a reason; with a counter's services; with a service.

import { html, nothing } from "../../vendor/lit-html.js";
import * as asking from "./asking.js";
import { labelOf, mayAct, run, say, serviceName, state } from "./state.js";
import { act, get } from "../api.js";
import { t } from "../i18n.js";

const done = (words) => say({ kind: "good", icon: "check", words });

/** Somebody goes to whoever called for help. */
export const helped = (alert) =>
  run("help", async () => {
    if (alert.counter !== null) await act("POST", `/counters/${alert.counter}/help/done`);
    else await act("POST", "/kiosk/help/done", { kiosk: alert.id });
    done(t("manager.help-noted"));
  });

// Each deed: which question it asks, and what it sends. `holds` is what the manager saw at the counter.
const PLAIN = { open: "manage", close: "manage", resume: "manage", help: "manage", next: "manage", recall: "manage", start: "manage", absent: "manage", hold: "manage", pause: "pause", away: "away" };
const BY_TICKET = new Set(["recall", "start", "absent", "hold", "away", "transfer", "finish", "next", "close"]);

/** A counter's facts, and what can be done there; then the deed with its reason. */
export const counter = (number) =>
  run("counter", async () => {
    const found = mayAct() ? await get(`/counters/${number}`) : null;
    const deed = await asking.counter(number, found);
    if (!deed) return;
    const holds = BY_TICKET.has(deed) ? { holds: found.ticket?.id ?? "" } : {};
    if (deed === "services") return setServices(number);
    const answer = await question(deed, found);
    if (!answer) return;
    const path = `/counters/${number}/${deed}`;
    const given = await act("POST", path, { ...holds, ...answer });
    const called = deed === "next" ? given.ticket?.shown : null;
    if (deed === "next") done(called ? t("manager.done-called", { number: called, counter: labelOf(number) }) : t("manager.done-nobody"));
    else done(t("manager.done-at", { deed: t.of("manager.deed", deed), counter: labelOf(number) }));
  });

function question(deed, found) {
  switch (deed) {
    case "transfer":
      return asking.transfer(found);
    case "finish":
      return asking.finish(found);
    case "call":
      return asking.callNumber(found);
    case "return":
      return asking.giveBack(found);
    default:
      return asking.why({ title: titleOf(deed, found), lead: leadOf(deed, found), list: state.reasons[PLAIN[deed]], go: t.of("manager.deed", deed) });
  }
}

const titleOf = (deed, found) => t("manager.deed-at", { deed: t.of("manager.deed", deed), counter: found.label });

function leadOf(deed, found) {
  if (found.ticket && BY_TICKET.has(deed)) return t.of("manager.lead-with", deed, { number: found.ticket.shown });
  return t.of("manager.lead", deed, { number: "" });
}

async function setServices(number) {
  const answer = await asking.services(number);
  if (!answer) return;
  await act("PUT", `/counters/${number}/services`, answer);
  done(t("manager.done-services", { counter: labelOf(number) }));
}

/** A service's facts, and what can be done with it. */
export const service = (id) =>
  run("service", async () => {
    const deed = await asking.service(id);
    if (!deed) return;
    const answer = deed === "catch-up" ? await asking.catchUp(id) : await asking.why({
      title: t("manager.deed-of", { deed: t.of("manager.service-deed", deed), service: serviceName(id) }),
      lead: t.of("manager.service-lead", deed),
      list: state.reasons.manage,
      go: t.of("manager.service-deed", deed),
    });
    if (!answer) return;
    const given = await act("POST", `/services/${encodeURIComponent(id)}/${deed}`, answer);
    if (deed === "catch-up") done(t("manager.done-caught-up", { count: given.caught_up, service: serviceName(id) }));
    else done(t.of("manager.done-service", deed, { service: serviceName(id) }));
  });

/** What is being done now, as a sentence that does not move. */
export const busyLine = () => (state.busy ? html`<span class="sr" role="status">${t("page.sending")}</span>` : nothing);
