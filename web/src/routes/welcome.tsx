import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Suggestion } from "~/api/types";
import { BrandStep } from "~/components/door/brand-step";
import { Door } from "~/components/door/door";
import css from "~/components/door/door.module.css";
import { QueryStep } from "~/components/door/query-step";
import { SampleStep } from "~/components/door/sample-step";

const STEPS = ["brand", "query", "sample"] as const;

/** From a brand's name to its stream in three steps; each can be skipped. */
export function Welcome() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [step, setStep] = useState(0);
  const [brand, setBrand] = useState("");
  const [suggestion, setSuggestion] = useState<Suggestion | null>(null);
  const [query, setQuery] = useState("");

  const skip = (
    <Link to="/stream" className="dim">
      {t("welcome.skip")}
    </Link>
  );

  return (
    <Door title={t(`welcome.${STEPS[step] ?? "brand"}.title`)} wide>
      <ol className={css.steps} aria-label={t("welcome.steps")}>
        {STEPS.map((name, index) => (
          <li
            key={name}
            className={css.step}
            data-reached={index <= step}
            aria-current={index === step ? "step" : undefined}
          >
            {index + 1} <span>{t(`welcome.${name}.short`)}</span>
          </li>
        ))}
      </ol>
      {step === 0 && (
        <BrandStep
          brand={brand}
          skip={skip}
          onBrand={setBrand}
          onSuggestion={(found) => {
            setSuggestion(found);
            setQuery(found.query);
            setStep(1);
          }}
        />
      )}
      {step === 1 && suggestion && (
        <QueryStep
          suggestion={suggestion}
          query={query}
          skip={skip}
          onQuery={setQuery}
          onBack={() => setStep(0)}
          onNext={() => setStep(2)}
        />
      )}
      {step === 2 && (
        <SampleStep
          brand={brand}
          query={query}
          skip={skip}
          onBack={() => setStep(1)}
          onSaved={(topic) => void navigate({ to: "/stream", search: { topic: [topic.id] }, replace: true })}
        />
      )}
    </Door>
  );
}
