import { useTranslation } from "react-i18next";
import type { LengthRule } from "~/api/replies";
import { number } from "~/lib/format";
import type { Measured } from "~/lib/replies/length";
import { previewPieces } from "~/lib/replies/preview";
import { Icon } from "../icon";
import { useLocale } from "../use-locale";
import css from "./replies.module.css";

interface CounterProps {
  id: string;
  rule: LengthRule;
  measured: Measured;
  text: string;
}

/** From this many on what is left is told aloud; before, it would talk over every key. */
const NEAR = 20;

/** How long the text is, as the network counts. */
export function Counter({ id, rule, measured, text }: CounterProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { used, limit, bytes, over } = measured;
  const bytesOver = rule.bytes === null ? 0 : bytes - rule.bytes;
  const told =
    used > limit
      ? t("reply.tooLong", { count: used - limit })
      : bytesOver > 0
        ? t("reply.bytesOver", { count: bytesOver })
        : t("reply.left", { count: limit - used });
  const near = over || limit - used <= NEAR;
  return (
    <p id={id} className={css.counter} data-over={over} aria-live={near ? "polite" : "off"}>
      <strong>
        {over && <Icon name="warning" size={13} />}
        {told}
      </strong>
      <span>{t("reply.counted", { used: number(used, locale), limit: number(limit, locale) })}</span>
      <Ways rule={rule} text={text} />
    </p>
  );
}

/** What would puzzle who counts by eye; only where the text has such a thing. */
function Ways({ rule, text }: { rule: LengthRule; text: string }) {
  const { t } = useTranslation();
  const pieces = previewPieces(text);
  const has = (kind: string, test = (_: string) => true) =>
    pieces.some((piece) => piece.kind === kind && test(piece.text));
  const told = [
    rule.url_counts !== null && has("link") && t("reply.howCounted.url", { count: rule.url_counts }),
    rule.short_handles && has("handle", (handle) => handle.slice(1).includes("@")) && t("reply.howCounted.handle"),
    rule.unit === "weighted" &&
      /[\p{Extended_Pictographic}\u1100-\u9fff]/u.test(text) &&
      t("reply.howCounted.weighted"),
  ].filter((one) => one !== false);
  return told.length > 0 && <span>{told.join("; ")}</span>;
}
