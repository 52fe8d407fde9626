// The lobby in a browser: it draws whole views as they come, and says when they no longer do.
const STALE_MS = 10_000;
const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 15_000;
const STATES = { closed: "đóng", open: "trống", calling: "đang gọi", serving: "đang phục vụ", paused: "tạm dừng" };

const at = (id) => document.getElementById(id);
let heardAt = 0;
let lastSequence = null;
let retryMs = RETRY_MS_MIN;
let clockOffsetMs = 0;
let offsetText = "+07:00";

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function drawNow(calls) {
  const calling = calls.find((call) => call.calling);
  at("now").classList.toggle("calm", !calling);
  at("now-label").textContent = calling ? "Mời số" : "Chưa có số nào đang gọi";
  at("now-number").textContent = calling ? calling.shown : "";
  at("now-where").hidden = !calling;
  at("now-counter").textContent = calling ? calling.label : "";
}

function drawCall(call) {
  const line = element("li");
  line.append(element("span", call.shown), element("span", call.label, "plate"));
  return line;
}

function drawCounter(counter) {
  const isOff = counter.shown === null;
  const line = element("li", undefined, isOff ? "off" : counter.state === "calling" ? "calling" : "");
  line.append(element("span", counter.label, "plate"), element("span", isOff ? STATES[counter.state] : counter.shown));
  return line;
}

function drawService(service) {
  const line = element("li");
  const wait = service.expected_wait_s === null ? "" : ` · khoảng ${Math.max(1, Math.round(service.expected_wait_s / 60))} phút`;
  line.append(element("b", service.name.vi), element("span", ` ${service.waiting} chờ${wait}`));
  return line;
}

function draw(view) {
  at("hall").textContent = view.name.vi || at("hall").textContent;
  drawNow(view.calls);
  at("calls").replaceChildren(...view.calls.slice(0, 6).map(drawCall));
  at("counters").replaceChildren(...view.counters.map(drawCounter));
  at("services").replaceChildren(...view.services.map(drawService));
  at("notice").textContent = view.notices.map((notice) => notice.text.vi).join(" ");
  setClock(view.at);
}

function setClock(text) {
  clockOffsetMs = Date.parse(text) - Date.now();
  offsetText = text.match(/([+-]\d\d:\d\d|Z)$/)?.[1] ?? offsetText;
}

function hallTime() {
  const [, sign, hours, minutes] = offsetText.match(/([+-])(\d\d):(\d\d)/) ?? [null, "+", "0", "0"];
  const shift = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  return new Date(Date.now() + clockOffsetMs + shift).toISOString().slice(11, 16);
}

function hear(message) {
  heardAt = Date.now();
  if (message.kind === "welcome") setClock(message.now);
  if (message.sequence !== undefined) lastSequence = message.sequence;
  if (message.kind === "view") draw(message.view);
}

function connect() {
  const query = new URLSearchParams({ view: "lobby" });
  const zone = new URLSearchParams(location.search).get("zone");
  if (zone) query.set("zone", zone);
  if (lastSequence !== null) query.set("after", String(lastSequence));
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${location.host}/api/v1/feed?${query}`);
  socket.addEventListener("open", () => { retryMs = RETRY_MS_MIN; });
  socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
  socket.addEventListener("close", () => {
    setTimeout(connect, retryMs * (0.5 + Math.random()));
    retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
  });
}

setInterval(() => {
  const isStale = Date.now() - heardAt > STALE_MS;
  document.body.classList.toggle("stale", isStale);
  at("link").classList.toggle("lost", isStale);
  at("link").textContent = isStale ? "Mất kết nối với máy chủ. Mời nghe gọi tại quầy." : "Đang kết nối tốt";
  if (heardAt) at("clock").textContent = hallTime();
}, 500);
connect();
