const PATHS = {
  live: 'M1.5 8h3l2-5 3 10 2-5h3',
  alerts: 'M8 2a4 4 0 0 0-4 4v3L2.5 11.5h11L12 9V6a4 4 0 0 0-4-4ZM6.5 13.5a1.6 1.6 0 0 0 3 0',
  explore: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8ZM10.8 5.2l-1.6 4-4 1.6 1.6-4Z',
  rules:
    'M2.5 4h4M9.5 4h4M8 2.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3ZM2.5 12h1M6.5 12h7M5 10.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3ZM2.5 8h8M13.5 8h0',
  lists: 'M2.5 4h0M2.5 8h0M2.5 12h0M5.5 4h8M5.5 8h8M5.5 12h8',
  model: 'M2.5 13.5v-11M2.5 13.5h11M4.5 11.5c4 0 3-7 8.5-7.5',
  audit: 'M8 1.8l5 1.8v4c0 3.2-2 5.4-5 6.6-3-1.2-5-3.4-5-6.6v-4ZM5.8 8l1.6 1.6 2.9-3.2',
  letter: 'M2 3.5h12v9H2ZM2 4l6 5 6-5',
  settings:
    'M8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4ZM8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6l1.4 1.4M11 11l1.4 1.4M3.6 12.4l1.4-1.4M11 5l1.4-1.4',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  keyboard: 'M1.5 4h13v8h-13ZM4 6.5h0M6.7 6.5h0M9.3 6.5h0M12 6.5h0M4.5 9.5h7',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM10.3 10.3l3.7 3.7',
  download: 'M8 2.5v7.5M5 7l3 3 3-3M2.5 13.5h11',
  link: 'M6.5 9.5l3-3M7 4.5l1.5-1.5a3 3 0 0 1 4.3 4.3L11.3 9M9 11.5l-1.5 1.5a3 3 0 0 1-4.3-4.3L4.7 7',
  plus: 'M8 3v10M3 8h10',
  down: 'M8 3v10M4 9l4 4 4-4',
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
