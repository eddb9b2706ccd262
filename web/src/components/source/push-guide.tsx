import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Source } from "~/api/types";
import { pushExample } from "~/lib/push-example";
import { Copyable } from "../copyable";
import { Notice } from "../notice";
import css from "./form.module.css";

/** Where to send posts, with which secret (shown once), and a command that does it. */
export function PushGuide({ source, secret }: { source: Source; secret: string | null }) {
  const { t } = useTranslation();
  const address = `${location.origin}/api/push/${source.id}`;
  return (
    <section className={`card ${css.guide}`} aria-label={t("push.title")}>
      <h2>{t("push.title")}</h2>
      <p className="dim">{t("push.lead")}</p>
      <h3>{t("push.address")}</h3>
      <Copyable text={address} />
      {secret && (
        <>
          <h3>{t("push.secret")}</h3>
          <Notice kind="warning">{t("push.secretOnce")}</Notice>
          <Copyable text={secret} />
        </>
      )}
      <h3>{t("push.example")}</h3>
      <Copyable text={pushExample(address, secret)} block />
      <p className="dim">{t("push.answer")}</p>
      {secret && (
        <div>
          <Button component={Link} to="/sources">
            {t("push.done")}
          </Button>
        </div>
      )}
    </section>
  );
}
