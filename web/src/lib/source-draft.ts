import type { ConsentOffer } from "~/api/consent";
import type { Connector, Setting, Source, SourceDraft } from "~/api/types";
import { shownSettings } from "./shown-settings";

/** The form's values before anything is typed: the source's own or the defaults. Secrets are never known. */
export function startDraft(connector: Connector, source: Source | null): SourceDraft {
  const settings: Record<string, string> = {};
  for (const setting of connector.settings) {
    if (setting.kind === "secret") continue;
    settings[setting.key] = source?.settings[setting.key] ?? setting.default ?? "";
  }
  return { connector: connector.name, name: source?.name ?? "", settings, secrets: {} };
}

/** What to send: blank settings, untouched secrets and what the form does not show are left out. */
export function sentDraft(draft: SourceDraft, declared: readonly Setting[]): SourceDraft {
  const shown = new Set(shownSettings(declared, draft.settings).map(({ key }) => key));
  const filled = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).filter(([key, value]) => shown.has(key) && value.trim() !== ""));
  return { ...draft, name: draft.name.trim(), settings: filled(draft.settings), secrets: filled(draft.secrets) };
}

/** Required settings that are shown and blank; a secret that is already kept counts as given, and a consent stands for what it is given instead of. */
export function missing(connector: Connector, draft: SourceDraft, source: Source | null): Setting[] {
  const shown = shownSettings(connector.settings, draft.settings);
  const oauth = consentIn(shown, connector.oauth);
  const agreed = oauth && source?.secret_keys.includes(oauth.token_key);
  return shown.filter((setting) => {
    if (!setting.required || (agreed && oauth.instead.includes(setting.key))) return false;
    if (setting.kind === "secret") {
      return !draft.secrets[setting.key]?.trim() && !source?.secret_keys.includes(setting.key);
    }
    return !draft.settings[setting.key]?.trim();
  });
}

/** The network's own page, where the form as it is filled in leads there. */
export function consentIn(shown: readonly Setting[], offer: ConsentOffer | null): ConsentOffer | null {
  return offer && shown.some(({ key }) => key === offer.token_key) ? offer : null;
}

/** Without the token that only the network's own page gives. */
export function enterable(settings: Setting[], offer: ConsentOffer): Setting[] {
  return settings.filter(({ key }) => key !== offer.token_key || offer.instead.includes(key));
}

/** What a form asks for before it offers the network's own page, and what it asks for where nobody goes there. */
export function aroundConsent(settings: Setting[], offer: ConsentOffer): { always: Setting[]; byHand: Setting[] } {
  const entered = enterable(settings, offer);
  const byHand = entered.filter(({ key, kind }) => kind === "secret" || offer.instead.includes(key));
  return { always: entered.filter((setting) => !byHand.includes(setting)), byHand };
}
