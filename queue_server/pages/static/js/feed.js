// The feed of one screen: whole views over a WebSocket, for as long as the page is open.
// It keeps nothing but the last sequence, so a week of views takes no more room than one.

import { session } from "./api.js";
import { setNow } from "./clock.js";

const STALE_MS = 7500; // The server sends at least every 5 s: so a dead link is seen, and said, well within 10 s.
const LOOK_MS = 500;
const RETRY_MS = [250, 500, 1000, 2000, 5000]; // Then every 5 s, for ever.
const GRACE_MS = 1500; // A link that is back within this is not worth a word.
const SIGNED_OUT = 4401;

/**
 * Follow a feed. `query` is such as {view: "counter", counter: 4}.
 *   view(view, sequence)   a whole view; what was drawn before is forgotten
 *   announce(message)      a call that should be shown and spoken
 *   link(state, since)     "live", "lost" or "ended" (signed out), and since when (ms, of performance.now())
 */
export function follow(query, { view, announce, link }) {
  let socket = null;
  let heardAt = performance.now();
  let lostAt = null;
  let state = "";
  let tries = 0;
  let timer = 0;
  let sequence = 0;
  let isClosed = false;

  function tell(next) {
    if (next === state) return;
    state = next;
    link(next, lostAt ?? performance.now());
  }

  function open() {
    clearTimeout(timer);
    const asked = { ...query };
    if (announce && sequence) asked.after = sequence;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const mine = new WebSocket(`${scheme}://${location.host}/api/v1/feed?${new URLSearchParams(asked)}`);
    socket = mine;
    let spoke = false;
    mine.onmessage = (event) => {
      spoke = true;
      if (mine === socket) hear(JSON.parse(event.data));
    };
    mine.onclose = (event) => {
      if (mine !== socket) return;
      gone(event.code);
      if (!spoke) askWhetherSignedIn(); // A refused handshake looks like a dead link.
    };
  }

  function hear(message) {
    heardAt = performance.now();
    tries = 0;
    if (message.kind === "welcome") setNow(message.now);
    else if (message.kind === "view") {
      sequence = Math.max(sequence, message.sequence);
      if (message.view.at) setNow(message.view.at);
      lostAt = null;
      tell("live");
      view(message.view, message.sequence);
    } else if (message.kind === "announce" && announce) {
      sequence = Math.max(sequence, message.sequence);
      announce(message);
    }
  }

  function gone(code) {
    socket = null;
    if (isClosed) return;
    if (code === SIGNED_OUT) {
      end();
      return;
    }
    lostAt ??= performance.now();
    const wait = RETRY_MS[Math.min(tries, RETRY_MS.length - 1)];
    tries += 1;
    timer = setTimeout(open, wait * (0.75 + Math.random() / 2)); // Screens of one hall do not all come at once.
  }

  function end() {
    isClosed = true;
    clearTimeout(timer);
    tell("ended");
  }

  async function askWhetherSignedIn() {
    if (query.view === "lobby") return;
    const found = await session().catch(() => undefined);
    if (found === null && !isClosed) end();
  }

  // The one clock of the feed: it sees a link that died without a word, and a machine that woke up.
  const look = setInterval(() => {
    const at = performance.now();
    if (socket && at - heardAt > STALE_MS) {
      lostAt ??= heardAt;
      const dead = socket;
      heardAt = at; // A new link gets as long to speak.
      gone(0);
      dead.close();
    }
    if (lostAt !== null && at - lostAt > GRACE_MS && state !== "ended") tell("lost");
  }, LOOK_MS);

  addEventListener("online", again);
  document.addEventListener("visibilitychange", again);
  function again() {
    if (socket || isClosed || document.visibilityState === "hidden") return;
    tries = 0;
    open();
  }

  open();
  return {
    /** The sequence of the last view. */
    get sequence() {
      return sequence;
    },
    close() {
      isClosed = true;
      clearInterval(look);
      clearTimeout(timer);
      removeEventListener("online", again);
      document.removeEventListener("visibilitychange", again);
      socket?.close();
    },
  };
}
