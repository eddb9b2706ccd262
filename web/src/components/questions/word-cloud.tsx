import type { Ref } from "react";
import { useTranslation } from "react-i18next";
import { decimal, number, percent } from "~/lib/format";
import type { Word } from "~/lib/questions/shapes";
import { type Drawing, type PlacedWord, wordsDrawing } from "~/lib/questions/svg";
import { courseOf, wordSize } from "~/lib/questions/word-size";
import { useLocale } from "../use-locale";
import { Drill } from "./drill";
import css from "./words.module.css";

interface WordCloudProps {
  words: readonly Word[];
  label: string;
  ref?: Ref<HTMLUListElement>;
}

const SIGNS = { new: "✦", up: "▲", same: "", down: "▼" } as const;

/** Words as large as their share, in the order of what they tell; how they moved is a sign and a figure. */
export function WordCloud({ words, label, ref }: WordCloudProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const largest = Math.max(0, ...words.map((word) => word.share ?? 0));
  return (
    <ul className={css.cloud} aria-label={label} ref={ref}>
      {words.map((word) => {
        const course = courseOf(word.lift, word.baseline);
        const lift =
          course === "new" || word.lift === null ? "" : `×${decimal(word.lift, locale, word.lift < 10 ? 1 : 0)}`;
        const told = t("questions.words.told", {
          count: word.mentions,
          share: percent(word.share ?? 0, locale),
          before: number(word.baseline, locale),
        });
        return (
          <li key={word.word} data-course={course}>
            <Drill part={word.drill} title={told}>
              <span data-word style={{ fontSize: wordSize(word.share ?? 0, largest) }}>
                {word.word}
              </span>
              <span className={css.course} data-course-text aria-hidden>
                {SIGNS[course]}
                {course === "same" ? "" : lift}
              </span>
              <span className="hidden">
                {`: ${told}`}
                {course !== "same" && `, ${t(`questions.words.course.${course}`)}`}
              </span>
            </Drill>
          </li>
        );
      })}
    </ul>
  );
}

/** The words where they stand on the page, as a drawing. */
export function drawCloud(cloud: HTMLElement): Drawing {
  const frame = cloud.getBoundingClientRect();
  const words = [...cloud.querySelectorAll<HTMLElement>("[data-word], [data-course-text]")].flatMap(
    (element): PlacedWord[] => {
      const text = element.textContent?.trim();
      if (!text) return [];
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      const size = Number.parseFloat(style.fontSize);
      return [
        {
          text,
          x: Math.round(box.left - frame.left),
          // The baseline lies about four fifths down a line of the letters' own height.
          y: Math.round((box.top + box.bottom) / 2 - frame.top + size * 0.34),
          size,
          weight: Number(style.fontWeight) || 400,
          fill: style.color,
        },
      ];
    },
  );
  return wordsDrawing(words, Math.ceil(frame.width), Math.ceil(frame.height));
}
