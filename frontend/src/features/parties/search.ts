/** What the address of an account or a counterparty says beside its id: the event in the side panel. */
export interface PartySearch {
  event?: string;
}

export function readPartySearch(search: Record<string, unknown>): PartySearch {
  return typeof search.event === 'string' && search.event ? { event: search.event } : {};
}
