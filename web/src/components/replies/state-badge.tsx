import { useTranslation } from "react-i18next";
import type { ReplyState } from "~/api/replies";
import { REPLY_LOOKS } from "~/lib/replies/states";
import { Icon } from "../icon";
import css from "./replies.module.css";

/** Where a reply is on its way: a word, a drawing and a colour. */
export function ReplyBadge({ state }: { state: ReplyState }) {
  const { t } = useTranslation();
  const look = REPLY_LOOKS[state];
  return (
    <span className={css.state} data-colour={look.colour} data-state={state}>
      <Icon name={look.icon} size={13} />
      {t(`reply.state.${state}`)}
    </span>
  );
}
