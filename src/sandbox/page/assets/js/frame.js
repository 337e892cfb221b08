// What stands around the panes: the bar with the clock, the hint, the switch, the language.

import { cls, h, redraw } from "./dom.js";
import { faultsView } from "./faults.js";
import { icon, mark } from "./icons.js";
import { complain } from "./overlay.js";
import { memory, read, write } from "./server.js";
import { barTime, nowMs, setClock, untilNextWorkingMorning } from "./time.js";
import { lang, pageLocale, setLang, t } from "./words.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const frame = { config: {}, view: memory.get("view", "all"), hints: [], dismissed: new Set(memory.get("hints.dismissed", [])), open: null, online: true };

/** Which places exist here. */
export function places() {
  return [["slack", "slack"], ["discord", "discord"], ["customers", "network"]].filter(([, key]) => frame.config[key]).map(([place]) => place);
}

/** The place shown where only one fits. */
export function single() {
  const all = places();
  return all.includes(frame.view) ? frame.view : all[0];
}

export function show(view) {
  frame.view = view;
  memory.set("view", view);
  redraw();
}

export async function loadHints() {
  const answer = await read("/api/hints");
  if (answer.ok && Array.isArray(answer.body)) {
    frame.hints = answer.body;
    redraw();
  }
}

export async function loadClock() {
  const answer = await read("/api/clock");
  if (answer.ok) setClock(answer.body.clock_ms, answer.body.manual);
  redraw();
}

async function advance(ms) {
  const result = await write("/api/clock", { advance_ms: ms });
  if (result.ok) setClock(result.body.clock_ms, result.body.manual);
  complain(result);
  redraw();
}

const STEPS = [["5m", "+5 min", () => 5 * MINUTE], ["1h", "+1 h", () => HOUR], ["4h", "+4 h", () => 4 * HOUR], ["1d", null, () => 24 * HOUR], ["morning", null, () => untilNextWorkingMorning(nowMs())]];

function clockButtons() {
  return STEPS.map(([id, label, ms]) => h("button", { type: "button", key: id, class: "step", "data-testid": `clock-advance-${id}`, onclick: () => advance(ms()) }, label || t(id === "1d" ? "one_day" : "next_morning")));
}

function clock() {
  const text = barTime(nowMs(), pageLocale());
  return h("div", { class: "clock", role: "group", "aria-label": t("clock") },
    h("button", { type: "button", class: "clock-face", "aria-expanded": frame.open === "clock" ? "true" : "false", title: t("clock_moves"), "data-testid": "clock", onclick: () => toggle("clock") }, icon("clock"), h("time", null, text), h("small", null, t("zone"))),
    h("div", { class: "clock-steps" }, clockButtons()));
}

function toggle(what) {
  frame.open = frame.open === what ? null : what;
  redraw();
}

function drawer() {
  if (!frame.open) return null;
  const faults = frame.open === "faults";
  const title = faults ? t("faults_title") : t("clock_moves");
  return h("div", { class: cls("drawer", `drawer-${frame.open}`), key: `drawer-${frame.open}`, role: "region", "aria-label": title, onkeydown: (event) => { if (event.key === "Escape") toggle(frame.open); } },
    h("div", { class: "drawer-head" }, h("h2", null, title), h("button", { type: "button", class: "plain", "aria-label": t("close"), onclick: () => toggle(frame.open) }, icon("close"))),
    faults ? faultsView(frame.config) : h("div", { class: "drawer-steps" }, clockButtons()));
}

function switcher(unread, className) {
  const all = places();
  const item = (view, label, count) => h("button", { type: "button", key: view, class: cls("tab", `tab-${view}`, frame.view === view && "active", single() === view && "single"), "aria-pressed": frame.view === view ? "true" : "false", "data-testid": `view-${view}`, onclick: () => show(view) },
    view === "all" ? icon("columns", "mark") : mark(view), h("span", null, label), count ? h("span", { class: "badge", "aria-label": t("unread", { n: count }) }, count > 99 ? "99+" : count) : null);
  return h("nav", { class: className, "aria-label": t("views") }, all.length > 1 ? item("all", t("all"), 0) : null, all.map((place) => item(place, t(place), unread[place])));
}

function language() {
  return h("button", { type: "button", class: "bar-button lang", "aria-label": t("language"), title: t("language"), "data-testid": "language", onclick: () => { setLang(lang() === "fr" ? "en" : "fr"); redraw(); } }, lang() === "fr" ? "FR" : "EN");
}

/** The bar at the top. */
export function bar(unread, wide) {
  const { config } = frame;
  return [
    h("header", { class: "bar", key: "bar" },
      h("div", { class: "brand" }, h("svg", { viewBox: "0 0 32 32", class: "logo", "aria-hidden": "true" }, h("rect", { width: 32, height: 32, rx: 8, fill: "#4a154b" }), h("path", { d: "M7 9l9 15 9-15", class: "logo-v" }), h("circle", { cx: 16, cy: 9, r: 3, fill: "#ecb22e" })), h("h1", null, "Vigie ", h("span", null, "sandbox"))),
      wide ? switcher(unread, "tabs") : null, clock(),
      h("div", { class: "bar-right" },
        h("button", { type: "button", class: "bar-button", "aria-expanded": frame.open === "faults" ? "true" : "false", "data-testid": "faults", title: t("faults_title"), onclick: () => toggle("faults") }, icon("bolt"), h("span", null, t("faults"))),
        config.vigie_url ? h("a", { class: "bar-button", href: config.vigie_url, target: "_blank", rel: "noopener noreferrer", title: t("open_vigie"), "aria-label": t("open_vigie") }, icon("link")) : null, language())),
    drawer(), hint(),
    frame.online ? null : h("div", { class: "offline", role: "alert", key: "offline" }, t("offline")),
  ];
}

function hint() {
  const next = frame.hints.find((one) => !one.done && !frame.dismissed.has(one.id));
  if (!next) return null;
  const done = frame.hints.filter((one) => one.done).length;
  const dismiss = () => {
    frame.dismissed.add(next.id);
    memory.set("hints.dismissed", [...frame.dismissed]);
    redraw();
  };
  return h("div", { class: "hint", key: "hint", role: "status", "data-testid": "hint" }, icon("bulb"),
    h("p", { key: next.id }, h("strong", null, `${t("next_hint")}${lang() === "fr" ? " :" : ":"} `), lang() === "fr" ? next.text_fr : next.text_en),
    h("small", null, t("hint_count", { done, all: frame.hints.length })), h("button", { type: "button", class: "plain", "aria-label": t("hint_dismiss"), title: t("hint_dismiss"), "data-testid": "hint-dismiss", onclick: dismiss }, icon("close")));
}

/** The switch at the foot of a phone. */
export function footer(unread, wide) {
  return !wide && places().length > 1 ? switcher(unread, "foot") : null;
}
