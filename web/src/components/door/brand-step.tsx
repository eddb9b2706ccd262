import { Button, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { suggestQuery } from "~/api/operations";
import type { Suggestion } from "~/api/types";
import { Notice } from "../notice";
import { useProblemText } from "../use-problem-text";
import css from "./door.module.css";

interface BrandStepProps {
  brand: string;
  skip: ReactNode;
  onBrand: (brand: string) => void;
  onSuggestion: (suggestion: Suggestion) => void;
}

export function BrandStep({ brand, skip, onBrand, onSuggestion }: BrandStepProps) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      onSuggestion(await suggestQuery(brand.trim()));
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  };

  return (
    <form onSubmit={(event) => void submit(event)}>
      <p className="dim">{t("welcome.brand.lead")}</p>
      <TextInput
        label={t("welcome.brand.label")}
        name="brand"
        autoFocus
        required
        maxLength={120}
        placeholder={t("welcome.brand.placeholder")}
        value={brand}
        onChange={(event) => onBrand(event.currentTarget.value)}
      />
      {error !== null && <Notice kind="error">{problemText(error)}</Notice>}
      <div className={css.foot}>
        {skip}
        <Button type="submit" loading={busy} disabled={!brand.trim()}>
          {t("common.next")}
        </Button>
      </div>
    </form>
  );
}
