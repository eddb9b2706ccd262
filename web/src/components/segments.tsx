import css from "./segments.module.css";

interface Option {
  value: string;
  label: string;
  hint?: string;
}

interface SegmentsProps {
  label: string;
  value: string;
  options: Option[];
  onChange: (value: string) => void;
}

/** One of a few, all in sight. */
export function Segments({ label, value, options, onChange }: SegmentsProps) {
  return (
    <div className={css.segments} role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          className={css.segment}
          aria-pressed={option.value === value}
          title={option.hint}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
