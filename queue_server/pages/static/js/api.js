// The hall's doors over HTTP. One intent of a person is one Idempotency-Key, however often it has to be sent.

import { both } from "./i18n.js";

const BASE = "/api/v1";
const ANSWER_MS = 10000; // A request without an answer for so long is sent again with the same key.
const AGAIN_MS = [300, 700, 1500, 3000]; // Then the person is told that the link is gone.
let csrf = "";

/** The hall said no: `code`, and `message` in the language shown. */
export class Refused extends Error {
  constructor(status, error) {
    super(error?.code ?? String(status));
    this.status = status;
    this.code = error?.code ?? "internal";
    this.detail = error?.detail ?? {};
    this.words = error?.message ?? null;
  }

  get text() {
    return both(this.words);
  }
}

/** Nobody answered. Whether the hall has done it is not known; the next view tells. */
export class Unreachable extends Error {}

/** Read something. */
export const get = (path) => once("GET", path);

/** Change something, once, whatever the link does meanwhile; the same `key` again is the same intent. */
export async function act(method, path, body = {}, key = newKey()) {
  for (let turn = 0; ; turn += 1) {
    try {
      return await once(method, path, body, key);
    } catch (fault) {
      const mayHelp = fault instanceof Unreachable || fault.status === 503 || fault.status === 429;
      if (fault.code === "csrf" && turn === 0) await session();
      else if (!mayHelp || turn >= AGAIN_MS.length) throw fault;
      else await new Promise((done) => setTimeout(done, AGAIN_MS[turn]));
    }
  }
}

/** Who is signed in, or null. Learns the word that changes must carry. */
export async function session() {
  try {
    const found = await once("GET", "/session");
    csrf = found.csrf;
    return found;
  } catch (fault) {
    if (fault.status === 401) return null;
    throw fault;
  }
}

export async function signIn(login, password) {
  const found = await once("POST", "/session", { login, password });
  csrf = found.csrf;
  return found;
}

export async function changePassword(password, newPassword) {
  const found = await once("PUT", "/session/password", { password, new_password: newPassword });
  csrf = found.csrf;
  return found;
}

export const signOut = () => once("DELETE", "/session");

/** To the sign-in page, and back here afterwards. */
export function goSignIn() {
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`);
}

async function once(method, path, body, key) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  let answer, content;
  try {
    answer = await fetch(BASE + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
      cache: "no-store",
    });
    const text = await answer.text();
    content = text ? JSON.parse(text) : null;
  } catch {
    throw new Unreachable();
  }
  if (answer.ok) return content;
  throw new Refused(answer.status, content?.error);
}

// crypto.randomUUID is missing on pages without TLS, and halls on a local network have none.
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
