import type { DefinitionPreview } from '@/shared/api/types';
import { count } from '@/shared/format/number';
import { EventLink } from '@/shared/risk/connections/EventLink';
import { eventRef } from '@/shared/risk/eventRef';
import { Fact, Facts } from '@/shared/ui/panels/Facts';

/** What a definition would be over stored events, and what it would take. */
export function PreviewFacts({ preview: p }: { preview: DefinitionPreview }) {
  return (
    <section aria-label="Preview" className="mt-3 rounded-sm bg-canvas px-3 py-2">
      <Facts>
        <Fact name="Events">
          {count(p.events)}, of which {count(p.with_value)} have a value
          {!p.complete && <span className="text-faint">; they do not span the window</span>}
        </Fact>
        <Fact name="Keys">{count(p.keys)}</Fact>
        <Fact name="Memory">
          {count(p.bytes)} bytes: {count(Math.round(p.bytes_per_key))} a key, {count(p.largest_key_bytes)} at
          most
        </Fact>
        {p.quantiles.length > 0 && (
          <Fact name="Values">
            {p.quantiles.map(({ share, value }) => (
              <span key={share} className="mr-3 tabular-nums">
                {share * 100} %: {count(value)}
              </span>
            ))}
          </Fact>
        )}
        {p.examples.length > 0 && (
          <Fact name="Largest">
            {p.examples.slice(0, 5).map((one) => (
              <span key={eventRef(one)} className="block">
                {count(one.value)} at <EventLink event={one} />
              </span>
            ))}
          </Fact>
        )}
        {p.standard_error != null && (
          <Fact name="Error">about {(p.standard_error * 100).toFixed(1)} % above 256 values of a key</Fact>
        )}
      </Facts>
    </section>
  );
}
