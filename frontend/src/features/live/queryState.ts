/** What a chart says while it has nothing to draw. */
export interface QueryState {
  loading: boolean;
  error: Error | null;
  onRetry: () => void;
}
