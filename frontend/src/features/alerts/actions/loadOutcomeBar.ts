/** Says what became of an action: fetched before the first, which may fail because the network is gone. */
export const loadOutcomeBar = () => import('./OutcomeBar');
