// What the manager's page knows, and how it does one thing at a time.

import { acting } from "../acting.js";
import { goSignIn, Refused, Unreachable } from "../api.js";
import { both, t } from "../i18n.js";

const GUARD_MS = 400; // After an answer a nervous finger does nothing for so long.

export const state = {
  me: null,
  hall: null,
  reasons: null,
  view: null,
  link: "",
  lostAt: 0,
  tab: "live",
  isTable: false,
  aside: new Set(),
  news: "",
  notice: null,
  busy: "",
  doneAt: -Infinity,
  log: { lines: [], sequence: -1, counter: "", number: "", asked: "", fault: "" },
};

let draw = () => {};
let isDue = false;

/** Whoever draws says how, once. */
export const drawWith = (how) => (draw = how);

/** Draw before the next frame, however many changes come until then. */
export function changed() {
  if (isDue) return;
  isDue = true;
  const go = () => {
    isDue = false;
    draw();
  };
  if (document.visibilityState === "hidden") setTimeout(go, 0);
  else requestAnimationFrame(go);
}

/** What happened, said at the head of the page until the next thing happens. */
export function say(notice) {
  state.notice = notice;
  changed();
}

/** An auditor looks and changes nothing. */
export const mayAct = () => state.me?.role !== "auditor";

export const { isReady, run } = acting(state, changed, GUARD_MS, explain);

function explain(fault) {
  if (fault instanceof Unreachable) return say({ kind: "stop", icon: "unlink", words: t("manager.unknown-result"), more: t("manager.unknown-result-more") });
  if (!(fault instanceof Refused)) throw fault; // A mistake of ours: it belongs in the console.
  if (fault.status === 401) return goSignIn();
  return say({ kind: "warn", icon: "info", words: fault.text });
}

/** A counter of the view by its number. */
export const counterOf = (number) => state.view.counters.find((one) => one.number === number);

/** A service's name in the language shown, or its id. */
export const serviceName = (id) => both(state.view.services.find((one) => one.id === id)?.name) || id;

/** What is shown for a counter. */
export const labelOf = (number) => counterOf(number)?.label ?? String(number);
