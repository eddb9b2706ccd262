import { memo } from "react";
import type { Span } from "~/api/types";
import { thickness, type WeightedSpan, weightedPieces } from "~/lib/reasons";
import { pieces } from "~/lib/spans";

/** A text with the words that matched marked. */
export const MarkedText = memo(function MarkedText({ text, spans }: { text: string; spans: Span[] }) {
  return pieces(text, spans).map((piece) =>
    piece.marked ? <mark key={piece.at}>{piece.text}</mark> : <span key={piece.at}>{piece.text}</span>,
  );
});

interface WeightedTextProps {
  text: string;
  spans: Span[];
  weights: readonly WeightedSpan[];
  /** The heaviest of all, which is drawn thickest. */
  most: number;
}

/** The same with lines under the words that decided: the thicker, the heavier; broken where they spoke against. */
export const WeightedText = memo(function WeightedText({ text, spans, weights, most }: WeightedTextProps) {
  return weightedPieces(text, spans, weights).map((piece) => {
    const thick = thickness(piece.weight, most);
    const line = thick > 0 ? { "data-weight": thick, "data-sign": piece.weight < 0 ? "-" : "+" } : {};
    return piece.marked ? (
      <mark key={piece.at} {...line}>
        {piece.text}
      </mark>
    ) : (
      <span key={piece.at} {...line}>
        {piece.text}
      </span>
    );
  });
});
