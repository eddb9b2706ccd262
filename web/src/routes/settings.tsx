import { Button, Switch } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { signOut } from "~/api/operations";
import { sessionQuery } from "~/api/queries";
import { Icon } from "~/components/icon";
import { Segments } from "~/components/segments";
import { ArchiveCard } from "~/components/settings/archive-card";
import css from "~/components/settings/settings.module.css";
import { TimeZone } from "~/components/settings/time-zone";
import { Tokens } from "~/components/settings/tokens";
import { useLocale } from "~/components/use-locale";
import { useProblemText } from "~/components/use-problem-text";
import { offers } from "~/lib/offered";
import { forgetPlace } from "~/state/live";
import { chooseLocale } from "~/state/locale";
import {
  DENSITIES,
  type Density,
  densityPreference,
  LOCALE_NAMES,
  LOCALES,
  type Locale,
  SCHEMES,
  type Scheme,
  schemePreference,
  shortcutsPreference,
} from "~/state/preferences";
import { useStore } from "~/state/store";
import { showToast } from "~/state/toasts";

export function SettingsPage() {
  const { t } = useTranslation();
  const locale = useLocale();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const problemText = useProblemText();
  const me = useQuery(sessionQuery).data;
  const scheme = useStore(schemePreference);
  const density = useStore(densityPreference);
  const shortcuts = useStore(shortcutsPreference);

  const speak = async (next: Locale) => {
    try {
      await chooseLocale(next);
    } catch (error) {
      showToast({ kind: "error", text: problemText(error) });
    }
  };

  const leave = async () => {
    await signOut().catch(() => {});
    forgetPlace();
    await navigate({ to: "/sign-in", search: {} });
    cache.clear();
  };

  return (
    <div className="page">
      <div className={css.narrow}>
        <h1>{t("nav.settings")}</h1>
        <section className={`card ${css.card}`}>
          <h2>{t("settings.appearance")}</h2>
          <div className={css.row}>
            <span>{t("settings.language")}</span>
            <Segments
              label={t("settings.language")}
              value={locale}
              options={LOCALES.map((value) => ({ value, label: LOCALE_NAMES[value] }))}
              onChange={(value) => void speak(value as Locale)}
            />
          </div>
          <div className={css.row}>
            <span>{t("settings.scheme")}</span>
            <Segments
              label={t("settings.scheme")}
              value={scheme}
              options={SCHEMES.map((value) => ({ value, label: t(`scheme.${value}`) }))}
              onChange={(value) => schemePreference.set(value as Scheme)}
            />
          </div>
          <div className={css.row}>
            <span>{t("settings.density")}</span>
            <Segments
              label={t("settings.density")}
              value={density}
              options={DENSITIES.map((value) => ({ value, label: t(`density.${value}`) }))}
              onChange={(value) => densityPreference.set(value as Density)}
            />
          </div>
          <Switch
            checked={shortcuts === "on"}
            onChange={(event) => shortcutsPreference.set(event.currentTarget.checked ? "on" : "off")}
            label={t("shortcuts.enabled")}
          />
        </section>
        <section className={`card ${css.card}`}>
          <h2>{t("workspace.title")}</h2>
          <TimeZone />
        </section>
        {offers("getModel") && (
          <section className={`card ${css.card}`}>
            <div className={css.row}>
              <h2>{t("nav.model")}</h2>
              <Button component={Link} to="/settings/model" variant="default">
                {t("settings.openModel")}
              </Button>
            </div>
            <p className={css.about}>{t("settings.modelLead")}</p>
          </section>
        )}
        {offers("listAccounts") && (
          <section className={`card ${css.card}`}>
            <div className={css.row}>
              <h2>{t("nav.accounts")}</h2>
              <Button component={Link} to="/settings/accounts" variant="default">
                {t("settings.openModel")}
              </Button>
            </div>
            <p className={css.about}>{t("settings.accountsLead")}</p>
          </section>
        )}
        <ArchiveCard />
        <Tokens />
        <section className={`card ${css.card}`}>
          <h2>{t("settings.account")}</h2>
          <div className={css.row}>
            <span>
              {me?.user.name} <span className="dim">({me?.user.login})</span>
            </span>
            <Button variant="default" leftSection={<Icon name="sign_out" />} onClick={() => void leave()}>
              {t("frame.signOut")}
            </Button>
          </div>
          <p className={css.about}>
            Molva {me?.version} · <a href="/api/docs">{t("settings.apiDocs")}</a>
          </p>
        </section>
      </div>
    </div>
  );
}
