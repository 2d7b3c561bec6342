import type { RiskLevel } from '@/shared/api/types';
import { createStore } from '@/shared/store';
import { backoff } from './backoff';
import { type Envelope, parseEnvelope } from './protocol';

export type ConnectionState = 'connecting' | 'connected' | 'reconnecting' | 'offline';

export interface Connection {
  state: ConnectionState;
  /** While not connected: when anything last arrived, in epoch milliseconds. What is shown is as old as this. */
  lastHeard: number | null;
}

interface Options {
  /** Gets a single-use ticket. */
  ticket: () => Promise<string>;
  url: (ticket: string) => string;
  onEnvelope: (envelope: Envelope) => void;
  /** Connected again after a gap: what was missed has to be fetched, once. */
  onGap: () => void;
  random?: () => number;
}

const PING_EVERY = 20_000;
const SILENCE_IS_DEATH = 35_000;
const OFFLINE_AFTER_FAILURES = 4;

/** One WebSocket to `/ws/risk-stream` that comes back by itself. */
export class StreamConnection {
  readonly connection = createStore<Connection>({ state: 'connecting', lastHeard: null });
  #options: Options;
  #socket: WebSocket | null = null;
  #minLevel: RiskLevel = 'LOW';
  #failures = 0;
  #wasConnected = false;
  #stopped = true;
  #attempt = 0;
  #lastHeard: number | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #pulse: ReturnType<typeof setInterval> | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  start(): void {
    this.#stopped = false;
    globalThis.addEventListener('online', this.retryNow);
    globalThis.addEventListener('offline', this.#lost);
    void this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    globalThis.removeEventListener('online', this.retryNow);
    globalThis.removeEventListener('offline', this.#lost);
    this.#drop();
  }

  /** Asks for assessments of `minLevel` and above; remembered over reconnections. */
  subscribe(minLevel: RiskLevel): void {
    this.#minLevel = minLevel;
    this.#send({ action: 'subscribe', min_level: minLevel });
  }

  readonly retryNow = (): void => {
    if (this.#stopped || this.connection.get().state === 'connected') return;
    this.#failures = 0;
    this.#drop();
    void this.#connect();
  };

  async #connect(): Promise<void> {
    const attempt = ++this.#attempt;
    try {
      const ticket = await this.#options.ticket();
      if (this.#stopped || attempt !== this.#attempt) return;
      this.#listen(new WebSocket(this.#options.url(ticket)));
    } catch {
      if (attempt === this.#attempt) this.#lost();
    }
  }

  #listen(socket: WebSocket): void {
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = ({ data }) => this.#heard(data);
    socket.onclose = () => {
      if (socket === this.#socket) this.#lost();
    };
  }

  #opened(): void {
    this.#failures = 0;
    this.#lastHeard = Date.now();
    this.#show('connected');
    // Also when it is the default: the answer proves that frames get through.
    this.#send({ action: 'subscribe', min_level: this.#minLevel });
    this.#pulse = setInterval(() => this.#beat(), PING_EVERY);
    if (this.#wasConnected) this.#options.onGap();
    this.#wasConnected = true;
  }

  #heard(data: unknown): void {
    this.#lastHeard = Date.now();
    const envelope = parseEnvelope(data);
    if (envelope) this.#options.onEnvelope(envelope);
  }

  #beat(): void {
    if (this.#lastHeard !== null && Date.now() - this.#lastHeard > SILENCE_IS_DEATH) this.#lost();
    else this.#send({ action: 'ping' });
  }

  readonly #lost = (): void => {
    this.#drop();
    if (this.#stopped) return;
    this.#failures += 1;
    const offline = navigator.onLine === false || this.#failures >= OFFLINE_AFTER_FAILURES;
    this.#show(offline ? 'offline' : this.#wasConnected ? 'reconnecting' : 'connecting');
    this.#retry = setTimeout(() => void this.#connect(), backoff(this.#failures, this.#options.random));
  };

  #drop(): void {
    clearTimeout(this.#retry);
    clearInterval(this.#pulse);
    this.#attempt += 1;
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #send(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #show(state: ConnectionState): void {
    if (state !== this.connection.get().state) this.connection.set({ state, lastHeard: this.#lastHeard });
  }
}
