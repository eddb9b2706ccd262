import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type Choice, narrowed, type Selection } from "~/lib/selection";
import { useQuestions } from "./context";

/** The rows behind a mark: the same selection, its period settled, narrowed by the mark's own part. */
export function useDrill(): { addressOf: (part: Selection) => Choice; open: (part: Selection) => void } {
  const { choice, selection } = useQuestions();
  const navigate = useNavigate();
  const addressOf = (part: Selection): Choice =>
    narrowed({ ...choice, period: undefined, from: selection.from, to: selection.to }, part);
  const open = (part: Selection) => void navigate({ to: "/search", search: addressOf(part) as never });
  return { addressOf, open };
}

interface DrillProps {
  part: Selection;
  className?: string;
  title?: string;
  tabIndex?: number;
  onFocus?: () => void;
  children: ReactNode;
}

export function Drill({ part, children, ...rest }: DrillProps) {
  const { addressOf } = useDrill();
  return (
    <Link to="/search" search={addressOf(part) as never} data-drill {...rest}>
      {children}
    </Link>
  );
}
