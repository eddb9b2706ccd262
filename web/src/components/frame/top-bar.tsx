import { ActionIcon, Menu, UnstyledButton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { signOut } from "~/api/operations";
import { sessionQuery } from "~/api/queries";
import { decimal } from "~/lib/format";
import { forgetPlace, live } from "~/state/live";
import { SCHEMES, schemePreference } from "~/state/preferences";
import { useStore } from "~/state/store";
import { Icon } from "../icon";
import { useLocale } from "../use-locale";
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
      <UserMenu onPalette={onPalette} />
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

function UserMenu({ onPalette }: { onPalette: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const me = useQuery(sessionQuery).data;
  const scheme = useStore(schemePreference);

  const leave = async () => {
    await signOut().catch(() => {});
    forgetPlace();
    await navigate({ to: "/sign-in", search: {} });
    cache.clear();
  };

  return (
    <Menu position="bottom-end" width={220} shadow="md">
      <Menu.Target>
        <UnstyledButton
          className={css.avatar}
          aria-label={t("frame.account", { name: me?.user.name ?? "" })}
          data-initials={initials(me?.user.name ?? "")}
        />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Icon name="bolt" />} rightSection={<kbd>Ctrl K</kbd>} onClick={onPalette}>
          {t("palette.title")}
        </Menu.Item>
        <Menu.Divider />
        {SCHEMES.map((one) => (
          <Menu.Item
            key={one}
            leftSection={<Icon name={one === "dark" ? "moon" : one} />}
            rightSection={scheme === one ? <Icon name="check" label={t("common.chosen")} /> : null}
            onClick={() => schemePreference.set(one)}
          >
            {t(`scheme.${one}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="settings" />} onClick={() => void navigate({ to: "/settings" })}>
          {t("nav.settings")}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="sign_out" />} onClick={() => void leave()}>
          {t("frame.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? "")
    .join("");
}
