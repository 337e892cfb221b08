// Slack's modals: the form is kept here while one types; the sandbox decides what happens on submit.

import { cls, h, redraw } from "./dom.js";
import { icon } from "./icons.js";
import { complain, trap } from "./overlay.js";
import { blocks } from "./slack-blocks.js";
import { initialValue } from "./slack-elements.js";
import { plain } from "./mrkdwn.js";
import { t } from "./words.js";

const forms = new Map();
const FORMS_KEPT = 8;

function formOf(viewId) {
  if (!forms.has(viewId)) {
    if (forms.size >= FORMS_KEPT) forms.delete(forms.keys().next().value);
    forms.set(viewId, { values: new Map(), errors: {}, sent: false, busy: false });
  }
  return forms.get(viewId);
}

const REQUIRED = { fr: "Veuillez remplir ce champ obligatoire.", en: "Please complete this required field." };

/** What Slack's client itself checks before it sends anything. */
function check(block, value, locale) {
  const french = locale.startsWith("fr");
  const missing = value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
  if (missing) return block.optional ? null : REQUIRED[french ? "fr" : "en"];
  const { type, min_length: min, min_value: low, max_value: high } = block.element;
  if (min && String(value).length < min) return french ? `Au moins ${min} caractères.` : `Must be at least ${min} characters.`;
  if (type === "email_text_input" && !/^\S+@\S+\.\S+$/.test(value)) return french ? "Adresse e-mail invalide." : "Enter a valid email address.";
  if (type === "url_text_input" && !/^https?:\/\/\S+$/.test(value)) return french ? "Adresse web invalide." : "Enter a valid URL.";
  if (type === "number_input") {
    const number = Number(String(value).replace(",", "."));
    if (!Number.isFinite(number) || (!block.element.is_decimal_allowed && !Number.isInteger(number))) return french ? "Nombre invalide." : "Enter a valid number.";
    if ((low !== undefined && number < Number(low)) || (high !== undefined && number > Number(high))) return french ? `Entre ${low ?? "…"} et ${high ?? "…"}.` : `Must be between ${low ?? "…"} and ${high ?? "…"}.`;
  }
  return null;
}

async function submit(modal, form, scope, act) {
  const { view } = modal;
  const values = {};
  form.errors = {};
  for (const block of view.blocks || []) {
    if (block.type !== "input") continue;
    const { action_id } = block.element;
    const value = form.values.get(`${block.block_id}/${action_id}`) ?? initialValue(block.element, scope);
    const error = check(block, value, scope.ctx.locale);
    if (error) form.errors[block.block_id] = error;
    values[block.block_id] = { ...values[block.block_id], [action_id]: value ?? null };
  }
  if (Object.keys(form.errors).length > 0) return redraw();
  form.busy = true;
  form.sent = true;
  redraw();
  const result = await act({ act: "submit_modal", view_id: modal.view_id, values });
  form.busy = false;
  complain(result);
  return redraw();
}

/** The open modal of the acting member, or nothing. `scope` as for elements; `act(body)` posts an act. */
export function slackModal(snap, scope, act) {
  const { modal } = snap;
  if (!modal) return null;
  const { view } = modal;
  const form = formOf(modal.view_id);
  const errors = { ...(form.sent ? snap.modal_errors || {} : {}), ...form.errors };
  const store = {
    get: (block, action) => form.values.get(`${block}/${action}`),
    set: (block, action, value) => {
      form.values.set(`${block}/${action}`, value);
      delete form.errors[block];
    },
  };
  const scopeOf = (block) => ({ ...scope, base: { view_id: modal.view_id }, blockId: block.block_id, key: `${modal.view_id}/${block.block_id}`, form: block.type === "input" ? store : null, errorOf: (id) => errors[id] });
  const close = () => act({ act: "close_modal", view_id: modal.view_id }).then(complain);
  const title = plain(view.title);
  const hasInputs = (view.blocks || []).some((block) => block.type === "input");
  return h("div", { class: "modal-shade s-modal-shade", key: `modal-${modal.view_id}` },
    h("form", {
      class: cls("s-modal", form.busy && "busy"), role: "dialog", "aria-modal": "true", "aria-label": title, "data-testid": "modal", novalidate: true, tabindex: "-1",
      mounted: (el) => (el.querySelector("[data-first]") || el.querySelector(".s-modal-body input, .s-modal-body textarea, .s-modal-body .s-select") || el).focus({ preventScroll: true }),
      onkeydown: (event) => {
        if (event.key === "Escape" && !event.defaultPrevented) close();
        else if (event.key === "Tab") trap(event);
        else if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit(modal, form, scope, act);
      },
      onsubmit: (event) => {
        event.preventDefault();
        if (!form.busy && view.submit) submit(modal, form, scope, act);
      },
    },
    h("header", { class: "s-modal-head" }, h("span", { class: "s-avatar small bot", "aria-hidden": "true" }, "V"), h("h2", null, title), h("button", { type: "button", class: "plain", "aria-label": plain(view.close) || t("close"), "data-testid": "modal-close", onclick: close }, icon("close"))),
    h("div", { class: "s-modal-body" }, blocks(view.blocks, scopeOf), snap.modal_errors && !form.sent ? h("div", { class: "s-error", role: "alert" }, Object.values(snap.modal_errors).join(" ")) : null),
    h("footer", { class: "s-modal-foot" },
      h("button", { type: "button", class: "s-button", onclick: close }, plain(view.close) || (scope.ctx.locale.startsWith("fr") ? (hasInputs ? "Annuler" : "Fermer") : hasInputs ? "Cancel" : "Close")),
      view.submit || hasInputs ? h("button", { type: "submit", class: "s-button primary", "data-testid": "modal-submit", disabled: form.busy || null }, form.busy ? "…" : plain(view.submit) || "Submit") : null)));
}
