// The hall's time. The clock of this machine may be wrong by hours, and its time zone may be another: only the
// instants that the server sends count, carried on by the monotonic clock until the next one comes.

const TOLERANCE_MS = 500; // Less is the journey of a message; following it would make seconds jump.
let base = Date.now();
let mark = performance.now();
let zoneMinutes = -new Date().getTimezoneOffset();
let isSet = false;

/** Take the hall's time from an instant such as 2026-11-23T07:30:00.123+07:00. */
export function setNow(instant) {
  const ms = Date.parse(instant);
  if (Number.isNaN(ms)) return;
  zoneMinutes = zoneOf(instant);
  if (isSet && Math.abs(now() - ms) < TOLERANCE_MS) return;
  base = ms;
  mark = performance.now();
  isSet = true;
}

function zoneOf(instant) {
  const found = /([+-])(\d\d):(\d\d)$/.exec(instant);
  return found ? (found[1] === "-" ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) : 0;
}

/** The hall's time in milliseconds since 1970. */
export const now = () => base + performance.now() - mark;

const pad = (value) => String(value).padStart(2, "0");

/** 09:15 for an instant or for milliseconds, in the hall's zone. */
export function clockText(when) {
  const ms = typeof when === "string" ? Date.parse(when) : when;
  const local = new Date(ms + zoneMinutes * 60000);
  return `${pad(local.getUTCHours())}:${pad(local.getUTCMinutes())}`;
}

/** The day in the hall's zone: weekday 1 (Monday) to 7, and 23/11/2026. */
export function dayOf(ms) {
  const local = new Date(ms + zoneMinutes * 60000);
  const date = `${pad(local.getUTCDate())}/${pad(local.getUTCMonth() + 1)}/${local.getUTCFullYear()}`;
  return { weekday: local.getUTCDay() || 7, date };
}

/** 09:15:42 for milliseconds, in the hall's zone. */
export const secondText = (ms) => `${clockText(ms)}:${pad(Math.floor(ms / 1000) % 60)}`;

/** Milliseconds since an instant, never below 0. */
export const since = (instant) => Math.max(0, now() - Date.parse(instant));

/** Whole minutes since an instant. */
export const minutesSince = (instant) => Math.floor(since(instant) / 60000);

/** 06:42, or 1:06:42. */
export function duration(ms) {
  const seconds = Math.floor(ms / 1000);
  const hours = Math.floor(seconds / 3600);
  const rest = `${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}
