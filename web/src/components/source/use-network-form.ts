import { useState } from "react";
import type { ConsentOffer } from "~/api/consent";
import { Problem } from "~/api/problem";
import type { Connector, Setting, Source, SourceDraft } from "~/api/types";
import { shownSettings } from "~/lib/shown-settings";
import { consentIn, missing, sentDraft, startDraft } from "~/lib/source-draft";

export type Doing = "save" | "test" | "consent";

/** What the forms of sources and accounts have in common: a draft, what is being done with it, and what came of that. */
export function useNetworkForm<Tested>(connector: Connector, source: Source | null, offered: ConsentOffer | null) {
  const [draft, setDraft] = useState<SourceDraft>(() => startDraft(connector, source));
  const [busy, setBusy] = useState<Doing | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [tested, setTested] = useState<Tested | null>(null);

  const change = (part: Partial<SourceDraft>) => {
    setDraft((before) => ({ ...before, ...part }));
    setTested(null);
  };
  const changeSetting = (setting: Setting, value: string) =>
    change(
      setting.kind === "secret"
        ? { secrets: { ...draft.secrets, [setting.key]: value } }
        : { settings: { ...draft.settings, [setting.key]: value } },
    );
  const fieldError = (...names: string[]): string | undefined =>
    error instanceof Problem ? error.fields.find((one) => names.includes(one.field))?.message : undefined;
  const shown = shownSettings(connector.settings, draft.settings);
  const offer = consentIn(shown, offered);
  const told = (field: string) =>
    field === "name" || shown.some(({ key }) => field === `settings.${key}` || field === `secrets.${key}`);
  const generalError =
    error !== null &&
    !(error instanceof Problem && error.fields.length > 0 && error.fields.every((one) => told(one.field)));
  const lacking = missing(connector, draft, source);

  const attempt = async (what: Doing, action: () => Promise<void>) => {
    setBusy(what);
    setError(null);
    setTested(null);
    try {
      await action();
    } catch (failure) {
      setError(failure);
    }
    setBusy(null);
  };

  return {
    draft,
    /** What is to be sent. */
    sent: () => sentDraft(draft, connector.settings),
    /** What the form asks for, as it is filled in. */
    shown,
    /** The network's own page, if the form leads there. */
    offer,
    busy,
    error: generalError ? error : null,
    tested,
    setTested,
    change,
    changeSetting,
    fieldError,
    attempt,
    incomplete: lacking.length > 0,
    /** What is missing cannot be entered by hand. */
    onlyByConsent: offer !== null && lacking.some(({ key }) => key === offer.token_key && !offer.instead.includes(key)),
    /** The network itself gives what is still missing. */
    agreeable: lacking.every(({ key }) => offer !== null && (key === offer.token_key || offer.instead.includes(key))),
  };
}
