import { useTranslation } from "react-i18next";
import type { AccountTest } from "~/api/replies";
import { Notice } from "../notice";
import { Sentence } from "../sentence";

/** What the network said of an account that was tried. */
export function TestedAccount({ tested }: { tested: AccountTest }) {
  const { t } = useTranslation();
  return (
    <Notice kind={tested.ok ? (tested.facts?.missing ? "warning" : "good") : "error"}>
      {tested.ok && tested.facts ? (
        <p>{t("accounts.testedAs", { handle: `@${tested.facts.handle}` })}</p>
      ) : (
        <Sentence text={tested.message} />
      )}
      {tested.facts?.missing && (
        <p>
          <Sentence text={tested.facts.missing} />
        </p>
      )}
      {tested.advice && (
        <p>
          <Sentence text={tested.advice} />
        </p>
      )}
    </Notice>
  );
}
