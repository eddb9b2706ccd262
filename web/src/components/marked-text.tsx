import { memo } from "react";
import type { Span } from "~/api/types";
import { pieces } from "~/lib/spans";

/** A text with the words that matched marked. */
export const MarkedText = memo(function MarkedText({ text, spans }: { text: string; spans: Span[] }) {
  return pieces(text, spans).map((piece) =>
    piece.marked ? <mark key={piece.at}>{piece.text}</mark> : <span key={piece.at}>{piece.text}</span>,
  );
});
