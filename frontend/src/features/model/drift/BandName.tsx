import type { DriftBand } from '@/shared/api/types';

const WORDS: Record<DriftBand, { word: string; shape: string; ink: string }> = {
  stable: { word: 'Stable', shape: '○', ink: 'text-muted' },
  watch: { word: 'Watch', shape: '◆', ink: 'text-medium' },
  shifted: { word: 'Shifted', shape: '▲', ink: 'text-critical' },
};

/** What a stability index means: a shape and a word. */
export function BandName({ band }: { band: DriftBand }) {
  const { word, shape, ink } = WORDS[band];
  return (
    <span className={`inline-flex items-center gap-1.5 font-medium ${ink}`}>
      <span aria-hidden="true" className="text-xs">
        {shape}
      </span>
      {word}
    </span>
  );
}
