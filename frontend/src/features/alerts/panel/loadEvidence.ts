/** Draws the evidence, with its charts: fetched while the reader looks at the list. */
export const loadEvidence = () => import('./AlertEvidence');
