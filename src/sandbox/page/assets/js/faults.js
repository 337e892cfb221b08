// Faults to order: makes the next calls or events of a platform go wrong, as each sandbox spells it.

import { h, redraw } from "./dom.js";
import { icon } from "./icons.js";
import { complain, notice } from "./overlay.js";
import { write } from "./server.js";
import { t } from "./words.js";

/** Per platform: [word, order for `n` calls]. */
const ORDERS = {
  slack: [
    ["f_429", (n) => ({ fault: "rate_limit", next: n, retry_after_s: 5 })], ["f_500", (n) => ({ fault: "fail_http", next: n, status: 500 })], ["f_lost", (n) => ({ fault: "lose_answer", next: n, how: "reset" })],
    ["f_slow", (n) => ({ fault: "slow", next: n, ms: 3000 })], ["f_drop", (n) => ({ fault: "drop_events", next: n })], ["f_double", (n) => ({ fault: "double_events", next: n })],
    ["f_delay", (n) => ({ fault: "delay_events", next: n, ms: 5000 })], ["f_cut", () => ({ fault: "cut_sockets", close_frame: false })], ["f_freeze", () => ({ fault: "freeze_sockets", count: 10 })],
  ],
  discord: [
    ["f_429", (n) => ({ what: "rest", times: n, fault: { kind: "rate_limited", retry_after: 5 } })], ["f_500", (n) => ({ what: "rest", times: n, fault: { kind: "fail", status: 500 } })], ["f_lost", (n) => ({ what: "rest", times: n, fault: { kind: "lose_answer", how: "reset" } })],
    ["f_slow", (n) => ({ what: "rest", times: n, fault: { kind: "slow", ms: 3000 } })], ["f_drop", (n) => ({ what: "dispatch", times: n, how: { kind: "drop" } })], ["f_double", (n) => ({ what: "dispatch", times: n, how: { kind: "double" } })],
    ["f_delay", (n) => ({ what: "dispatch", times: n, how: { kind: "delay", ms: 5000 } })], ["f_cut", () => ({ what: "socket", how: { kind: "cut" } })], ["f_freeze", () => ({ what: "socket", how: { kind: "freeze" } })],
  ],
  network: [
    ["f_network_refuse", (n) => ({ fault: "refuse", count: n })], ["f_network_429", (n) => ({ fault: "rate_limit", retry_after_s: 30, count: n })], ["f_network_before", (n) => ({ fault: "fail_before", count: n })],
    ["f_network_after", (n) => ({ fault: "fail_after", count: n })], ["f_network_hang", (n) => ({ fault: "hang", count: n })], ["f_network_slow", (n) => ({ fault: "slow", ms: 5000, count: n })],
    ["f_network_drop", (n) => ({ fault: "drop_webhook", count: n })], ["f_network_double", (n) => ({ fault: "double_webhook", count: n })],
  ],
};

/** What each sandbox calls "forget them all". */
const CLEAR = { slack: { fault: "clear" }, discord: { what: "clear" }, network: { clear: true } };

const chosen = { slack: 0, discord: 0, network: 0, count: 1 };

async function order(platform) {
  const [word, make] = ORDERS[platform][chosen[platform]];
  const result = await write(`/api/${platform}/faults`, make(chosen.count));
  complain(result);
  if (result.ok) notice(t("faults_ordered", { what: `${platform === "network" ? t("customers") : t(platform)} · ${t(word)}` }));
}

async function clear(platforms) {
  for (const platform of platforms) complain(await write(`/api/${platform}/faults`, CLEAR[platform]));
  notice(t("faults_cleared"));
}

/** The drawer's content; `config` says which platforms run here. */
export function faultsView(config) {
  const platforms = ["slack", "discord", "network"].filter((platform) => config[platform]);
  return h("div", { class: "faults" }, h("p", null, t("faults_help")),
    h("label", { class: "faults-count" }, h("span", null, t("faults_count")), h("input", { type: "number", min: 1, max: 100, initial: chosen.count, "data-testid": "faults-count", oninput: (event) => { chosen.count = Math.max(1, Math.min(100, Number(event.target.value) || 1)); } })),
    platforms.map((platform) => h("div", { class: "fault-row", key: platform },
      h("strong", null, platform === "network" ? t("customers") : t(platform)),
      h("select", { value: String(chosen[platform]), "aria-label": platform === "network" ? t("customers") : t(platform), "data-testid": `fault-${platform}`, onchange: (event) => { chosen[platform] = Number(event.target.value); redraw(); } }, ORDERS[platform].map(([word], at) => h("option", { value: String(at), key: word }, t(word)))),
      h("button", { type: "button", class: "secondary", "data-testid": `fault-order-${platform}`, onclick: () => order(platform) }, icon("bolt"), t("order")))),
    h("button", { type: "button", class: "secondary", "data-testid": "faults-clear", onclick: () => clear(platforms) }, t("faults_clear")));
}
