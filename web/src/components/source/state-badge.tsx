import { useTranslation } from "react-i18next";
import type { SourceState } from "~/api/types";
import { STATE_LOOKS } from "~/lib/source-state";
import { Icon } from "../icon";
import css from "./sources.module.css";

/** A word, a drawing and a colour. */
export function StateBadge({ state }: { state: SourceState }) {
  const { t } = useTranslation();
  const look = STATE_LOOKS[state];
  return (
    <span className={css.state} data-colour={look.colour} title={t(`sourceStateHint.${state}`)}>
      <Icon name={look.icon} size={14} />
      {t(`sourceState.${state}`)}
    </span>
  );
}
