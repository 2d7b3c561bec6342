/** Which pack's page is open. */
export interface PacksSearch {
  pack?: string;
}

export function readPacksSearch(search: Record<string, unknown>): PacksSearch {
  return typeof search.pack === 'string' && search.pack ? { pack: search.pack } : {};
}
