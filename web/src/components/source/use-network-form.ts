import { useEffect, useRef, useState } from "react";
import type { ConsentOffer } from "~/api/consent";
import { Problem } from "~/api/problem";
import type { Connector, Setting, Source, SourceDraft } from "~/api/types";
import { shownSettings } from "~/lib/shown-settings";
import { consentIn, missing, sentDraft, startDraft } from "~/lib/source-draft";

export type Doing = "save" | "test" | "consent";

/** What came of a try; `setting` is the one that is to blame. */
interface Try {
  ok: boolean;
  message: string;
  setting?: string | null;
}

/** What the forms of sources and accounts have in common: a draft, what is being done with it, and what came of that. */
export function useNetworkForm<Tested extends Try>(
  connector: Connector,
  source: Source | null,
  offered: ConsentOffer | null,
) {
  const [draft, setDraft] = useState<SourceDraft>(() => startDraft(connector, source));
  const [busy, setBusy] = useState<Doing | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [tested, setTested] = useState<Tested | null>(null);
  const form = useRef<HTMLFormElement>(null);

  // What is wrong with a field is read there, and corrected there.
  useEffect(() => {
    if ((error instanceof Problem && error.fields.length > 0) || tested?.setting) {
      form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
    }
  }, [error, tested]);

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
    error instanceof Problem
      ? error.fields.find((one) => names.includes(one.field))?.message
      : tested?.setting && names.includes(`settings.${tested.setting}`)
        ? tested.message
        : undefined;
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

  /** What the network's own page gives, where the form leads there. */
  const given = ({ key }: Setting) => offer !== null && (key === offer.token_key || offer.instead.includes(key));

  return {
    /** Of the form, where the first field that is wrong takes the focus. */
    form,
    draft,
    /** What is to be sent. */
    sent: () => sentDraft(draft, connector.settings),
    /** What the form asks for, as it is filled in. */
    shown,
    /** The network's own page, if the form leads there. */
    offer,
    busy,
    error: generalError ? error : null,
    /** What is not told at a field already. */
    tested: tested?.setting && told(`settings.${tested.setting}`) ? null : tested,
    setTested,
    change,
    changeSetting,
    fieldError,
    attempt,
    /** Labels of what is still to be filled in by hand. */
    lacking: lacking.map(({ label }) => label),
    /** The same where the network's own page is gone to: it gives the rest. */
    lackingBefore: lacking.filter((setting) => !given(setting)).map(({ label }) => label),
    /** What is missing cannot be entered by hand. */
    onlyByConsent: offer !== null && lacking.some(({ key }) => key === offer.token_key && !offer.instead.includes(key)),
  };
}
