// What the clerk's page knows. One object, drawn whole after every change.

import { nameOf } from "../procedures.js";

export const state = {
  counter: 0,
  me: null,
  hall: null,
  reasons: null,
  view: null,
  link: "",
  lostAt: 0,
  busy: "",
  doneAt: -Infinity,
  notice: null,
  isListOpen: false,
  onBehalf: "",
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

/** Draw at once: for what the feed says, which comes ten times a second at most. */
export const drawNow = () => draw();

/** What happened, said beside the number until the next thing happens: {kind, icon, words, more}. */
export function say(notice) {
  state.notice = notice;
  changed();
}

/** Who may act here: "mine", "taken" by another, "nobody", "closed", or "acting" for the clerk. */
export function standing() {
  const { view, me } = state;
  if (me.role !== "clerk") return view.state === "closed" ? "closed" : "acting";
  if (view.state === "closed") return "closed";
  if (view.clerk_id === me.actor) return "mine";
  return view.clerk_id?.startsWith("p-") ? "taken" : "nobody";
}

/** Whether the clerk may act at all now. */
export const isAtWork = () => state.link === "live" && ["mine", "acting"].includes(standing());

const serviceById = (id) => state.hall?.services.find((one) => one.id === id);

/** A service's name pair, or its id. */
export const serviceName = (id) => serviceById(id)?.name ?? { vi: id, en: id };

/** A procedure's name, or its code. */
export const procedureName = (code) => nameOf(code, state.hall?.procedures, changed);

/** What a visit of this service usually takes, in minutes. */
export const usualMinutes = (id) => Math.round((serviceById(id)?.expected_service_s ?? 0) / 60);

/** A priority group's name pair, or its id. */
export const groupOf = (id) => state.hall?.priority.find((one) => one.group === id);
