// How the page keeps up: it asks every few seconds, as often as the hall says, and hears mostly that nothing changed.
// A feed for each telephone would cost the hall one view for each of them after each call; asking costs it nothing else.

import { setNow } from "../clock.js";

const STALE_MS = 9000; // Nothing heard for so long is said: within ten seconds.
const ANSWER_MS = 4000; // An answer that takes longer is given up and asked for again.
const AGAIN_MS = [1000, 2000, 3000, 5000]; // After a failure; then every 5 s, for ever.
const LOOK_MS = 500;
const BACK_MS = 2000; // Back from the background the page may be hours old: so long it may look fresh without an answer.
const UNKNOWN = new Set([401, 403, 404]);

/**
 * Follow one ticket at `path` with its `key`.
 *   view(view)          where the ticket stands, whole
 *   link(state, since)  "live" or "lost", and when it was heard of last (ms, of performance.now())
 *   unknown()           there is no such ticket, or the key is not its key
 *   wakes()             whether to go on while the page is in the background
 */
export function followTicket(path, key, { view, link, unknown, wakes }, again = 0) {
  const url = `/api/v1/tickets/${encodeURIComponent(path)}/follow?${new URLSearchParams({ key })}`;
  let tag = "";
  let heardAt = performance.now();
  let state = "live";
  let everyS = again;
  let tries = 0;
  let timer = 0;
  let turn = 0;

  function tell(next) {
    if (next === state) return;
    state = next;
    link(next, heardAt);
  }

  function later(ms) {
    clearTimeout(timer);
    timer = setTimeout(ask, ms * (0.9 + Math.random() / 5)); // Telephones of one hall do not ask all at once.
  }

  async function ask() {
    clearTimeout(timer);
    if (document.visibilityState === "hidden" && !wakes()) return;
    const mine = ++turn;
    let answer, body;
    try {
      const headers = tag ? { "If-None-Match": tag } : {};
      answer = await fetch(url, { headers, cache: "no-store", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(ANSWER_MS) });
      if (answer.ok) body = await answer.json();
    } catch {
      answer = null;
    }
    if (mine !== turn) return; // Asked again meanwhile.
    if (answer && (answer.ok || answer.status === 304)) hear(answer, body);
    else if (answer && UNKNOWN.has(answer.status)) unknown();
    else wait(answer);
  }

  function hear(answer, body) {
    heardAt = performance.now();
    tries = 0;
    if (body) {
      tag = answer.headers.get("ETag") ?? "";
      setNow(body.at);
      everyS = body.again_s;
    }
    tell("live");
    view(body);
    if (everyS) later(everyS * 1000);
  }

  function wait(answer) {
    const asked = Number(answer?.headers.get("Retry-After")) * 1000;
    later(asked || AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)]);
    tries += 1;
  }

  // It sees a link that died without a word; a ticket that has ended needs no link.
  setInterval(() => {
    if (everyS && document.visibilityState !== "hidden" && performance.now() - heardAt > STALE_MS) tell("lost");
  }, LOOK_MS);

  function back() {
    if (document.visibilityState === "hidden") return;
    tag = ""; // A whole view sets the clock again: that of a telephone may stand still while it sleeps.
    heardAt = Math.min(heardAt, performance.now() - STALE_MS + BACK_MS);
    tries = 0;
    ask();
  }
  document.addEventListener("visibilitychange", back);
  addEventListener("pageshow", (event) => event.persisted && back());
  addEventListener("online", back);
  if (again) later(again * 1000);
  return {
    /** Ask now, such as after one has changed something. */
    now: ask,
    /** When it was heard of last, in ms of performance.now(). */
    get heardAt() {
      return heardAt;
    },
  };
}
