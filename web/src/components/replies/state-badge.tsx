import { useTranslation } from "react-i18next";
import type { ReplyState } from "~/api/replies";
import { REPLY_LOOKS } from "~/lib/replies/states";
import { Badge } from "../badge";

/** Where a reply is on its way. */
export function ReplyBadge({ state }: { state: ReplyState }) {
  const { t } = useTranslation();
  return (
    <Badge look={REPLY_LOOKS[state]} data-state={state}>
      {t(`reply.state.${state}`)}
    </Badge>
  );
}
