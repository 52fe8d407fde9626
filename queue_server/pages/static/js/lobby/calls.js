// Which calls stand in the large area, and which come next. Announcements are never merged: each is shown, in order,
// for at least its time. Times are milliseconds of performance.now(). It knows nothing of drawing.

export const SLOTS = 6; // So many calls share the large area.
export const HOLD_MS = 8000; // Every call is large for so long,
export const HURRIED_MS = 2500; // or for so long while more wait than there are places, or when its counter calls again.
export const FRESH_MS = 60000; // Then a call is no news any more, answered or not.
const WAITING_MAX = 120; // A counter has one call, so more than the counters of a hall never wait.

export function callList() {
  let slots = []; // Positions stay until the burst is over: a call is replaced alone, the others do not move.
  let waiting = [];
  let heard = 0;
  let isSeeded = false;

  const isSame = (one, other) => one.counter === other.counter && one.shown === other.shown;

  const isHeld = (one, at) => at - one.since >= HOLD_MS; // It has been large for its time.

  /** Take an announcement in; one that came before changes nothing. */
  function hear(message, at) {
    if (message.sequence <= heard) return false;
    heard = message.sequence;
    isSeeded = true;
    const { sequence, shown, label, counter } = message;
    const call = { sequence, shown, label, counter, isRepeat: message.repeat, since: at, isOver: false };
    const place = slots.findIndex((one) => isSame(one, call));
    const before = waiting.findIndex((one) => one.counter === counter);
    if (place >= 0) slots[place] = call;
    else if (before >= 0) waiting[before] = call; // What this counter called before is over.
    else waiting.push(call);
    if (waiting.length > WAITING_MAX) waiting.shift();
    advance(at);
    return true;
  }

  /** Take a whole view in: who has come needs no call. `age` gives a call's age in milliseconds. */
  function see(view, sequence, at, age) {
    heard = Math.min(heard, sequence); // A hall that was set up anew counts from the start.
    const isOver = (one) => view.calls.some((call) => isSame(call, one) && call.sequence >= one.sequence && !call.calling);
    for (const one of slots) one.isOver = isOver(one);
    waiting = waiting.filter((one) => !isOver(one));
    if (!isSeeded) seed(view.calls[0], at, age);
    isSeeded = true;
    advance(at);
  }

  function seed(newest, at, age) {
    if (!newest || !newest.calling || age(newest) >= FRESH_MS) return;
    const { sequence, shown, label, counter } = newest;
    slots = [{ sequence, shown, label, counter, isRepeat: false, since: at - age(newest), isOver: false }];
  }

  /** Let time pass; says whether something moved. */
  function advance(at) {
    const before = slots.map((one) => one.sequence).join() + waiting.length;
    while (waiting.length) {
      const place = placeFor(waiting[0], at);
      if (place < 0) break;
      slots[place] = { ...waiting.shift(), since: at };
    }
    if (!waiting.length && slots.filter((one) => !isHeld(one, at)).length <= 1) slots = rest(at);
    return before !== slots.map((one) => one.sequence).join() + waiting.length;
  }

  function placeFor(call, at) {
    const hold = waiting.length > SLOTS ? HURRIED_MS : HOLD_MS;
    const own = slots.findIndex((one) => one.counter === call.counter && at - one.since >= HURRIED_MS);
    if (own >= 0) return own;
    const done = slots.filter((one) => at - one.since >= hold);
    if (done.length) return slots.indexOf(done.reduce((oldest, one) => (one.since < oldest.since ? one : oldest)));
    return slots.length < SLOTS ? slots.length : -1;
  }

  function rest(at) {
    const newest = slots.reduce((one, other) => (!one || other.sequence > one.sequence ? other : one), null);
    if (!newest) return [];
    const age = at - newest.since;
    return age < HOLD_MS || (age < FRESH_MS && !newest.isOver) ? [newest] : [];
  }

  return {
    hear,
    see,
    advance,
    /** The calls in the large area, by position. */
    get slots() {
      return slots;
    },
    /** Those that come next, in order. */
    get waiting() {
      return waiting;
    },
    /** Forget what is large: after a lost link an old call must not look new. */
    clear() {
      slots = [];
      waiting = [];
      isSeeded = false;
    },
  };
}
