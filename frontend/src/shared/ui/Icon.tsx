const PATHS = {
  live: 'M1.5 8h3l2-5 3 10 2-5h3',
  alerts: 'M8 2a4 4 0 0 0-4 4v3L2.5 11.5h11L12 9V6a4 4 0 0 0-4-4ZM6.5 13.5a1.6 1.6 0 0 0 3 0',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  pause: 'M5.5 3v10M10.5 3v10',
  play: 'M4.5 2.8v10.4L13 8Z',
  up: 'M8 13V3M4 7l4-4 4 4',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8Z',
  check: 'M3 8.5l3.2 3.2L13 4.8',
  sun: 'M8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z',
  user: 'M8 8.2a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2.5 14c.5-2.8 2.7-4.3 5.5-4.3s5 1.5 5.5 4.3',
  table: 'M2 3h12v10H2ZM2 6.5h12M2 9.8h12M6.5 6.5V13',
  chart: 'M2.5 13.5v-4M6.2 13.5v-8M9.8 13.5v-6M13.5 13.5v-11',
} as const;

export type IconName = keyof typeof PATHS;

/** A line drawing beside a word, or in a button that has a name of its own. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className="shrink-0"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
