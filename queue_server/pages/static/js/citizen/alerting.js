// Vibration, a chime, and a screen that stays on. Telephones allow all three only after a tap.

const CHIME = [
  { hz: 659.25, at: 0, s: 0.28 }, // E5, then A5: the chime of the hall.
  { hz: 880, at: 0.28, s: 0.48 },
];
const PEAK = 0.35; // -9 dBFS.
const PULSES = [400, 200, 400, 200, 400];
const TWICE_S = 1.6;
let sound = null;
let lock = null;
let isOn = false;

const Audio = globalThis.AudioContext ?? globalThis.webkitAudioContext;

/** What this telephone can do: "both", "vibrate", "sound" or "nothing". */
export function abilities() {
  const vibrates = typeof navigator.vibrate === "function";
  if (Audio) return vibrates ? "both" : "sound";
  return vibrates ? "vibrate" : "nothing";
}

export const alertsAreOn = () => isOn;

/** Allow it all; called from a tap. One short sign shows that it works. */
export async function allow() {
  isOn = true;
  navigator.vibrate?.(200);
  if (Audio) {
    sound ??= new Audio();
    await sound.resume().catch(() => null);
    play(CHIME.slice(1), PEAK / 2);
  }
  await stayAwake();
}

/** No sign any more. */
export function forbid() {
  isOn = false;
  navigator.vibrate?.(0);
  lock?.release().catch(() => null);
  lock = null;
}

/** It is one's turn. */
export function ring() {
  if (!isOn) return;
  navigator.vibrate?.(PULSES);
  if (!sound) return;
  sound.resume().catch(() => null); // A call by telephone may have silenced us.
  play(CHIME, PEAK);
  play(CHIME.map((tone) => ({ ...tone, at: tone.at + TWICE_S })), PEAK);
}

function play(tones, peak) {
  for (const { hz, at, s } of tones) {
    const start = sound.currentTime + at;
    const tone = new OscillatorNode(sound, { frequency: hz });
    const level = new GainNode(sound, { gain: 0 });
    level.gain.setValueAtTime(0, start);
    level.gain.linearRampToValueAtTime(peak, start + 0.01);
    level.gain.exponentialRampToValueAtTime(0.001, start + s);
    tone.connect(level).connect(sound.destination);
    tone.start(start);
    tone.stop(start + s);
  }
}

async function stayAwake() {
  if (!isOn || lock || !navigator.wakeLock || document.visibilityState === "hidden") return;
  lock = await navigator.wakeLock.request("screen").catch(() => null); // Refused on a nearly empty battery.
  lock?.addEventListener("release", () => (lock = null));
}

document.addEventListener("visibilitychange", stayAwake); // The lock is lost with the page's sight.
