// One action at a time, for every page that acts: while one is under way, and for a moment after its answer, a press of a
// nervous finger is nothing.

/** `run(name, doIt)` and `isReady()` over a page's state; `explain(fault)` says what went wrong, or throws it on. */
export function acting(state, changed, guardMs, explain) {
  /** Whether a press would be taken now. */
  const isReady = () => !state.busy && performance.now() - state.doneAt >= guardMs;

  /** Run one action to its end; a press meanwhile is nothing. */
  async function run(name, doIt) {
    if (!isReady()) return;
    state.busy = name;
    state.notice = null;
    changed();
    try {
      await doIt();
    } catch (fault) {
      await explain(fault);
    } finally {
      state.busy = "";
      state.doneAt = performance.now();
      changed();
      setTimeout(changed, guardMs);
    }
  }

  return { isReady, run };
}
