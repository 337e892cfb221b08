// Starts the page: which places run here, what they show, and when to draw again.

import { customers, customersSeen, customersUnread, customersView } from "./customers.js";
import { discord, discordUnread, discordView } from "./discord.js";
import { cls, h, onDraw, patch, redraw } from "./dom.js";
import { bar, footer, frame, loadClock, loadHints, places, single } from "./frame.js";
import { overlayView } from "./overlay.js";
import { listen, read } from "./server.js";
import { slack, slackUnread, slackView } from "./slack.js";
import { lang, setLang } from "./words.js";

/** How often times on screen are drawn afresh. */
const TICK_MS = 15_000;

const root = document.getElementById("root");
const VIEWS = { slack: slackView, discord: discordView, customers: customersView };
const PANES = { slack, discord, network: customers };
let versions = {};
let ready = false;

function draw() {
  if (!ready) return;
  const wide = window.innerWidth >= 760;
  const all = frame.view === "all" && wide;
  const shown = all ? places() : [single()];
  const panes = shown.filter(Boolean).map((place) => VIEWS[place]());
  if (shown.includes("customers")) customersSeen();
  const unread = { slack: shown.includes("slack") ? 0 : slackUnread(), discord: shown.includes("discord") ? 0 : discordUnread(), customers: customersUnread() };
  patch(root, [bar(unread, wide), h("main", { class: cls("panes", all ? `count-${shown.length}` : "count-1"), key: "panes" }, panes), footer(unread, wide), overlayView()]);
}

function onVersions(next) {
  for (const [name, pane] of Object.entries(PANES)) {
    if (frame.config[name] && next[name] !== versions[name]) pane.refresh();
  }
  if (next.clock !== versions.clock) {
    loadClock();
    for (const [name, pane] of Object.entries(PANES)) if (frame.config[name]) pane.refresh();
  }
  versions = next;
  loadHints();
}

function onLink(online) {
  // What happened while the link was down is read again in full.
  if (!online) versions = {};
  if (frame.online !== online) {
    frame.online = online;
    redraw();
  }
}

async function start() {
  setLang(lang());
  const answer = await read("/api/config");
  if (!answer.ok) {
    setTimeout(start, 1000);
    return;
  }
  frame.config = answer.body;
  slack.start(frame.config.slack_member);
  discord.start(frame.config.discord_member);
  ready = true;
  onDraw(draw);
  await loadClock();
  listen(onVersions, onLink);
  setInterval(redraw, TICK_MS);
  let wasWide = window.innerWidth >= 760;
  window.addEventListener("resize", () => {
    if (window.innerWidth >= 760 !== wasWide) {
      wasWide = !wasWide;
      redraw();
    }
  });
  document.addEventListener("visibilitychange", redraw);
  redraw();
}

start();
