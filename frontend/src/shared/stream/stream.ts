import type { QueryClient } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { RiskLevel } from '@/shared/api/types';
import { OVERTURN_KEYS } from '@/shared/risk/decisions/useOverturn';
import { createStore } from '@/shared/store';
import { createAlertUpdates } from './alertUpdates';
import { StreamConnection } from './connection';
import { createExplanationParts } from './explanationParts';
import { LiveFeed } from './feed';
import type { EngineStats, Envelope } from './protocol';
import { throttle } from './throttle';

export interface EngineReport {
  stats: EngineStats;
  /** Epoch milliseconds, by this browser's clock. */
  heardAt: number;
}

function socketUrl(ticket: string): string {
  const { protocol, host } = location;
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws/risk-stream?ticket=${encodeURIComponent(ticket)}`;
}

/** Everything that the socket brings, and where it is kept. One for the whole page. */
/** How often what is open of an account or counterparty is fetched again while events come. */
const PARTIES_MS = 5_000;

export class RiskStream {
  readonly feed = new LiveFeed();
  readonly alerts = createAlertUpdates();
  readonly explanations = createExplanationParts();
  readonly engine = createStore<EngineReport | null>(null);
  readonly minLevel = createStore<RiskLevel>('LOW');
  readonly loading = createStore<'loading' | 'ready' | 'failed'>('loading');
  readonly #cache: QueryClient;
  readonly #connection: StreamConnection;
  readonly #refreshAlertStats: () => void;
  readonly #refreshParties: () => void;
  readonly #refreshDeadLetters: () => void;
  #fill = 0;
  #owner: string | null = null;

  constructor(cache: QueryClient) {
    this.#cache = cache;
    this.#refreshAlertStats = throttle(
      () => void cache.invalidateQueries({ queryKey: ['alert-stats'] }),
      2_000,
    );
    // Only what is open is fetched again.
    this.#refreshParties = throttle(() => {
      this.#refresh('activity');
      void cache.invalidateQueries({ queryKey: ['alerts', 'of'] });
    }, PARTIES_MS);
    this.#refreshDeadLetters = throttle(() => this.#refresh('dead-letters'), 2_000);
    this.#connection = new StreamConnection({
      ticket: async () => (await unwrap(client.POST('/api/v1/auth/ws-ticket'))).ticket,
      url: socketUrl,
      onEnvelope: (envelope) => this.#take(envelope),
      onGap: () => void this.resync(),
    });
  }

  get connection() {
    return this.#connection.connection;
  }

  /** Connects for `owner`; what another owner's stream left is dropped, one's own stays on the screen. */
  start(owner: string): void {
    if (owner !== this.#owner) this.clear();
    this.#owner = owner;
    document.addEventListener('visibilitychange', this.#visibility);
    this.#connection.start();
    void this.#fetchLive();
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.#visibility);
    this.#connection.stop();
  }

  clear(): void {
    this.feed.clear();
    this.alerts.clear();
    this.explanations.clear();
    this.engine.set(null);
  }

  retryNow = (): void => this.#connection.retryNow();

  setMinLevel = (level: RiskLevel): void => {
    if (level === this.minLevel.get()) return;
    this.minLevel.set(level);
    this.feed.clear();
    this.#connection.subscribe(level);
    void this.#fetchLive();
  };

  /** Fetches, once, what a gap may have hidden. */
  async resync(): Promise<void> {
    await this.#fetchLive();
    await Promise.all(
      ['risk-stats', 'risk-overview', 'alerts', 'alert-stats', 'dead-letters', 'config', 'imports'].map(
        (key) => this.#cache.invalidateQueries({ queryKey: [key] }),
      ),
    );
  }

  async #fetchLive(): Promise<void> {
    const mine = ++this.#fill;
    const level = this.minLevel.get();
    if (this.feed.rows.get().length === 0) this.loading.set('loading');
    try {
      const query = { limit: 100, min_level: level };
      const { items } = await unwrap(client.GET('/api/v1/risk/live', { params: { query } }));
      if (mine !== this.#fill) return;
      this.feed.push(items);
      this.feed.flush();
      this.loading.set('ready');
    } catch {
      if (mine === this.#fill) this.loading.set('failed');
    }
  }

  #take(envelope: Envelope): void {
    switch (envelope.type) {
      case 'assessments':
        this.feed.push(envelope.items);
        this.#refreshParties();
        break;
      case 'alert':
        this.alerts.put(envelope.items);
        this.#refreshAlertStats();
        this.#refreshParties();
        break;
      case 'stats':
        for (const stats of envelope.items) this.#takeStats(stats);
        break;
      case 'explanation':
        this.explanations.put(envelope.items);
        break;
      case 'overturn':
        this.feed.overturn(envelope.items);
        this.#refresh(...OVERTURN_KEYS);
        break;
      case 'config':
        this.#refresh('config');
        break;
      case 'model':
        this.#refresh('models', 'model');
        break;
      case 'delivery':
        this.#refresh('webhooks');
        break;
      case 'import':
        this.#refresh('imports');
        break;
    }
  }

  #refresh(...keys: string[]): void {
    for (const key of keys) void this.#cache.invalidateQueries({ queryKey: [key] });
  }

  #takeStats(stats: EngineStats): void {
    const before = this.engine.get()?.stats;
    if (before && before.at > stats.at) return;
    this.engine.set({ stats, heardAt: Date.now() });
    if (stats.dead_letters) this.#refreshDeadLetters();
    // A minute is closed: its last second was in no report, so the counts are fetched once.
    if (before && before.minute !== stats.minute)
      void this.#cache.invalidateQueries({ queryKey: ['risk-stats'] });
  }

  readonly #visibility = (): void => {
    this.feed.setHidden(document.hidden);
  };
}
