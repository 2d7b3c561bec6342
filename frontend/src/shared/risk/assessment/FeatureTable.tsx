import type { Feature } from '@/shared/api/types';
import { measure } from '@/shared/format/number';
import { useStore } from '@/shared/store';
import { LIT, lit } from '../scores/lit';

/** What the score was computed from. */
export function FeatureTable({ features }: { features: readonly Feature[] }) {
  const { features: pointedOut } = useStore(lit);
  return (
    <table className="w-full">
      <thead className="sr-only">
        <tr>
          <th scope="col">Feature</th>
          <th scope="col">Value</th>
        </tr>
      </thead>
      <tbody>
        {features.map((feature) => (
          <tr
            key={feature.name}
            data-lit={pointedOut.has(feature.name) || undefined}
            className={`border-b border-line last:border-0 ${pointedOut.has(feature.name) ? LIT : ''}`}
          >
            <th scope="row" className="py-1.5 pr-3 text-left font-normal">
              <span className="block leading-snug">{feature.meaning}</span>
              <span className="font-mono text-2xs text-faint">{feature.name}</span>
            </th>
            <td className="py-1.5 text-right align-top whitespace-nowrap">
              {feature.value == null ? (
                <span className="text-faint">not known</span>
              ) : (
                <>
                  {measure(feature.value)} <span className="text-xs text-faint">{feature.unit}</span>
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
