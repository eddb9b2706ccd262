import { useTranslation } from "react-i18next";
import { previewPieces } from "~/lib/replies/preview";
import css from "./replies.module.css";

/** The words of a reply, with what networks make into links marked as such. */
export function Rendered({ text }: { text: string }) {
  return previewPieces(text).map(({ at, kind, text: piece }) =>
    kind === "text" ? <span key={at}>{piece}</span> : <b key={at}>{piece}</b>,
  );
}

/** The reply as its readers will see it. */
export function Preview({ text, from }: { text: string; from: string }) {
  const { t } = useTranslation();
  if (text.trim() === "") return null;
  return (
    <section className={css.preview} aria-label={t("reply.preview")}>
      <strong>{t("reply.preview")}</strong>
      <small>{from}</small>
      <p>
        <Rendered text={text.trim()} />
      </p>
    </section>
  );
}
