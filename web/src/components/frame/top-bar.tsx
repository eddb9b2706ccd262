import { ActionIcon } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { sessionQuery } from "~/api/queries";
import { decimal } from "~/lib/format";
import { live } from "~/state/live";
import { useStore } from "~/state/store";
import { Icon } from "../icon";
import { useLocale } from "../use-locale";
import { AccountMenu } from "./account-menu";
import css from "./frame.module.css";
import { SearchBox } from "./search-box";

export function TopBar({ onPalette, onSheet }: { onPalette: () => void; onSheet: () => void }) {
  const { t } = useTranslation();
  const me = useQuery(sessionQuery).data;
  return (
    <header className={css.top}>
      <div className={css.workspace}>
        <span>{me?.workspace.name}</span>
        {me?.live_demo && (
          <span className={css.demo} title={t("frame.demoHint")}>
            {t("frame.demo")}
          </span>
        )}
      </div>
      <SearchBox />
      <LiveMark />
      <ActionIcon
        className={css.wide}
        variant="subtle"
        color="gray"
        aria-label={t("shortcuts.title")}
        title={`${t("shortcuts.title")} (?)`}
        onClick={onSheet}
      >
        <Icon name="keyboard" size={18} />
      </ActionIcon>
      <AccountMenu onPalette={onPalette} />
    </header>
  );
}

/** Whether the screen is live, and how far it lies behind. */
function LiveMark() {
  const { t } = useTranslation();
  const locale = useLocale();
  const { phase, lagSeconds } = useStore(live);
  const lag =
    lagSeconds === null ? null : t("live.lag", { seconds: decimal(lagSeconds, locale, lagSeconds < 10 ? 1 : 0) });
  return (
    <span className={css.live} data-phase={phase} title={t(`live.${phase}Hint`)}>
      <span className={css.pulse} aria-hidden />
      {t(`live.${phase}`)}
      {phase === "open" && lag && <span className={css.wide}>{lag}</span>}
    </span>
  );
}
