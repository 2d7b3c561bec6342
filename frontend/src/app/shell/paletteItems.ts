import type { Place } from '@/features/search/places';
import type { Command } from '@/shared/commands/registry';
import type { Hit } from '@/shared/entities/kinds';
import { eventRef } from '@/shared/risk/eventRef';

/** A line of the palette: a command, or a place to go to. */
export type Item =
  | { id: string; command: Command; place?: undefined }
  | { id: string; command?: undefined; place: Place; note?: string; hit?: Hit };

interface Known {
  recent: readonly Place[];
  pinned: readonly Place[];
}

const keyOf = ({ kind, id, name }: Place) => `${kind} ${id} ${name}`;

/**
 * What is offered for a text, best first: what was pinned or opened before and begins with it, exact matches, commands
 * by name, then what begins with the text or was meant by it.
 */
export function itemsFor(
  text: string,
  hits: readonly Hit[],
  commands: readonly Command[],
  { recent, pinned }: Known,
): Item[] {
  const wanted = text.trim().toLowerCase();
  const offered = new Set<string>();
  const add = (place: Place, note?: string, hit?: Hit): Item[] => {
    const id = keyOf(place);
    if (offered.has(id)) return [];
    offered.add(id);
    return [{ id, place, ...(note && { note }), ...(hit && { hit }) }];
  };
  const begins = ({ name }: Place) => name.toLowerCase().startsWith(wanted);
  const found = (some: readonly Hit[]) =>
    some.flatMap((hit) =>
      add(
        {
          kind: hit.kind,
          id:
            hit.kind === 'event'
              ? eventRef({ event_id: hit.id, event_source: hit.event_source ?? null })
              : hit.id,
          name: hit.name,
        },
        hit.match === 'similar' ? 'similar' : undefined,
        hit,
      ),
    );
  return [
    ...pinned.filter(begins).flatMap((place) => add(place, 'pinned')),
    ...recent.filter(begins).flatMap((place) => add(place, 'recent')),
    ...found(hits.filter(({ match }) => match === 'exact')),
    ...commands.map((command) => ({ id: `command ${command.id}`, command })),
    ...found(hits.filter(({ match }) => match !== 'exact')),
  ];
}
