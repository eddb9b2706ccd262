import type { CSSProperties } from "react";

/** Line drawings on a grid of 24, stroke only. */
const PATHS = {
  stream: "M4 6h16M4 12h10M4 18h13",
  topics: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 12h.01",
  sources: "M12 13v8M9 21h6M8.500 9.500a5 5 0 0 1 7 0M5.600 6.600a9 9 0 0 1 12.800 0M12 12h.01",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4",
  search: "M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13M20 20l-4.800-4.800",
  questions: "M5 20v-8M12 20V4M19 20v-5",
  calendar: "M4.500 6h15v14h-15zM4.500 10.500h15M8.500 3.500V7M15.500 3.500V7",
  download: "M12 4v11M7.500 11l4.500 4.500 4.500-4.500M4.500 19.500h15",
  link: "M10 14a4 4 0 0 0 6 .400l3-3a4 4 0 0 0-5.700-5.700l-1.300 1.300M14 10a4 4 0 0 0-6-.400l-3 3a4 4 0 0 0 5.700 5.700l1.300-1.300",
  star: "M12 4l2.500 5.200 5.700.700-4.200 4 1.100 5.600L12 16.700l-5.100 2.800L8 13.900l-4.200-4 5.700-.700z",
  table: "M4 5h16v14H4zM4 10h16M4 14.500h16M10 10v9",
  plus: "M12 5v14M5 12h14",
  check: "M5 12.500l4.500 4.500L19 7.500",
  close: "M6 6l12 12M18 6L6 18",
  warning: "M12 4L2.800 19.500h18.400zM12 10v4.500M12 17.200h.01",
  stop: "M8.200 3.500h7.600l4.700 4.700v7.600l-4.700 4.700H8.200l-4.700-4.700V8.200zM12 8v5M12 16h.01",
  pause: "M9 5v14M15 5v14",
  play: "M7 5l12 7-12 7z",
  moon: "M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10",
  clock: "M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17M12 8v4.500l3 2",
  hourglass: "M7 4h10M7 20h10M8 4c0 4 3 5.500 4 8-1 2.500-4 4-4 8M16 4c0 4-3 5.500-4 8 1 2.500 4 4 4 8",
  finished: "M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17M8.500 12.300l2.500 2.500 4.700-5",
  keep: "M7 4h10v16l-5-4-5 4z",
  bin: "M5 7h14M10 7V4.500h4V7M7 7l.800 12.500h8.400L17 7M10.300 11v5M13.700 11v5",
  restore: "M4 10h10a5 5 0 0 1 0 10h-4M4 10l4-4M4 10l4 4",
  external: "M10 6H5.500v12.500H18V14M14 5h5v5M19 5l-8 8",
  copy: "M9 9h10.500v10.500H9zM5.500 15H4.500V4.500H15v1",
  copies: "M4.500 8.500h11v11h-11zM8.500 5h11v11",
  tag: "M4 4.500h7.500l8 8-7 7-8.500-8.500zM8 8.500h.01",
  filter: "M4 6h16M7 12h10M10 18h4",
  keyboard: "M3 7h18v10H3zM7 10.500h.01M11 10.500h.01M15 10.500h.01M17.500 10.500h.01M8 14h8",
  user: "M12 4.500a3.750 3.750 0 1 0 0 7.500 3.750 3.750 0 0 0 0-7.500M4.500 20c.700-3.800 3.700-6 7.500-6s6.800 2.200 7.500 6",
  reach:
    "M9 5.500a3 3 0 1 0 0 6 3 3 0 0 0 0-6M3.500 18.500c.500-3 2.600-4.800 5.500-4.800s5 1.800 5.500 4.800M15.500 6a3 3 0 0 1 0 5.400M17.500 14c1.700.700 2.700 2.300 3 4.500",
  left: "M14.500 6l-6 6 6 6",
  right: "M9.500 6l6 6-6 6",
  down: "M6 9.500l6 6 6-6",
  up: "M12 19V6M6.500 11L12 5.500 17.500 11",
  light:
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400",
  auto: "M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17M12 3.500v17M12 8l5 3M12 13l4 2.500",
  key: "M14.500 4.500a5 5 0 1 0 0 10 5 5 0 0 0 0-10M11 13l-7 7M7 17l2.500 2.500",
  sign_out: "M14 5H5v14h9M10 12h10M16.500 8l4 4-4 4",
  edit: "M5 19l1-4L16.500 4.500l3 3L9 18z",
  tidy: "M4 6h16M8 11h12M8 16h8M4 21h9",
  bring: "M12 4v10M8 10.500l4 4 4-4M5 15v4.500h14V15",
  list: "M9 6h11M9 12h11M9 18h11M4.500 6h.01M4.500 12h.01M4.500 18h.01",
  retry: "M19 12a7 7 0 1 1-2-5M19.500 4v4.500H15",
  silent: "M5 9.500h3l4-4v13l-4-4H5zM16 9.500l5 5M21 9.500l-5 5",
  file: "M6 3.500h8l4.500 4.500v12.500H6zM14 3.500V8h4.500",
  bolt: "M13 3L5 14h6l-1 7 8-11h-6z",
  inbox: "M4 13l2.500-8h11L20 13v6H4zM4 13h5l1 2.500h4l1-2.500h5",
  flag: "M6 21V4M6 4.500h11.500l-2.500 4 2.500 4H6",
  compare: "M7 5v14M7 5L4 8M7 5l3 3M17 19V5M17 19l-3-3M17 19l3-3",
  zoom_in: "M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13M20 20l-4.800-4.800M10.500 7.500v6M7.500 10.500h6",
  zoom_out: "M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13M20 20l-4.800-4.800M7.500 10.500h6",
  reply: "M9 6L4 11l5 5M4 11h10a6 6 0 0 1 6 6v1",
  send: "M3.500 11.500L20 4.500l-5 15.500-4-7zM11 13l4-4",
  dot: "M12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5",
} as const;

export type IconName = keyof typeof PATHS;

interface IconProps {
  name: IconName;
  size?: number;
  /** What it says to those who cannot see it; without it the drawing is only decoration. */
  label?: string;
  className?: string;
  style?: CSSProperties;
}

export function Icon({ name, size = 16, label, className, style }: IconProps) {
  const meaning = label ? ({ role: "img", "aria-label": label } as const) : ({ "aria-hidden": true } as const);
  return (
    <svg
      {...meaning}
      className={className}
      style={style}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={size >= 24 ? 1.5 : 1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
