import css from "./ring.module.css";

const RADIUS = 26;
const ROUND = 2 * Math.PI * RADIUS;

interface RingProps {
  done: number;
  all: number;
  /** What it says, for those who cannot see it. */
  label: string;
}

/** How much of the round is done. */
export function Ring({ done, all, label }: RingProps) {
  const part = all > 0 ? Math.min(1, done / all) : 0;
  return (
    <span
      className={css.ring}
      role="progressbar"
      aria-valuemin={0}
      aria-valuemax={all}
      aria-valuenow={done}
      aria-label={label}
    >
      <svg viewBox="0 0 64 64" width={64} height={64} aria-hidden>
        <circle cx={32} cy={32} r={RADIUS} className={css.ringGround} />
        {part > 0 && (
          <circle
            cx={32}
            cy={32}
            r={RADIUS}
            className={css.ringDone}
            strokeDasharray={`${part * ROUND} ${ROUND}`}
            transform="rotate(-90 32 32)"
          />
        )}
      </svg>
      <span className={css.ringText} aria-hidden>
        {done}
        <small>/{all}</small>
      </span>
    </span>
  );
}
