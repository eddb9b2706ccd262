import { useTranslation } from "react-i18next";
import type { SourceState } from "~/api/types";
import { STATE_LOOKS } from "~/lib/source-state";
import { Badge } from "../badge";

export function StateBadge({ state }: { state: SourceState }) {
  const { t } = useTranslation();
  return (
    <Badge look={STATE_LOOKS[state]} title={t(`sourceStateHint.${state}`)}>
      {t(`sourceState.${state}`)}
    </Badge>
  );
}
