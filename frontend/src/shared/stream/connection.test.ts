// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { StreamConnection } from './connection';

class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  static get last(): FakeSocket {
    const socket = FakeSocket.all.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }
  readyState = 0;
  sent: unknown[] = [];
  onopen: () => void = () => undefined;
  onmessage: (event: { data: string }) => void = () => undefined;
  onclose: () => void = () => undefined;
  readonly url: string;

  constructor(url: string) {
    this.url = url;
    FakeSocket.all.push(this);
  }
  send(message: string) {
    this.sent.push(JSON.parse(message));
  }
  close() {
    this.readyState = 3;
  }
  open() {
    this.readyState = 1;
    this.onopen();
  }
  cut() {
    this.readyState = 3;
    this.onclose();
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.all = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function connect({ ticket = async () => 'ticket' } = {}) {
  const onGap = vi.fn();
  const onEnvelope = vi.fn();
  const stream = new StreamConnection({
    ticket,
    url: (t) => `ws://x?ticket=${t}`,
    onGap,
    onEnvelope,
    random: () => 1,
  });
  stream.start();
  return { stream, onGap, onEnvelope, state: () => stream.connection.get().state };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

test('every connection uses a ticket of its own', async () => {
  let n = 0;
  connect({ ticket: async () => `ticket-${++n}` });
  await settle();
  FakeSocket.last.open();
  FakeSocket.last.cut();
  await vi.advanceTimersByTimeAsync(500);
  expect(FakeSocket.all.map((socket) => socket.url)).toEqual([
    'ws://x?ticket=ticket-1',
    'ws://x?ticket=ticket-2',
  ]);
});

test('a gap is reported once on return, and not on the first connection', async () => {
  const { onGap, state } = connect();
  await settle();
  FakeSocket.last.open();
  expect(onGap).not.toHaveBeenCalled();
  FakeSocket.last.cut();
  expect(state()).toBe('reconnecting');
  await vi.advanceTimersByTimeAsync(500);
  FakeSocket.last.open();
  expect(onGap).toHaveBeenCalledTimes(1);
  expect(state()).toBe('connected');
});

test('a level asked for is asked for again after a reconnection', async () => {
  const { stream } = connect();
  await settle();
  FakeSocket.last.open();
  stream.subscribe('HIGH');
  FakeSocket.last.cut();
  await vi.advanceTimersByTimeAsync(500);
  FakeSocket.last.open();
  expect(FakeSocket.last.sent).toEqual([{ action: 'subscribe', min_level: 'HIGH' }]);
});

test('after four failures in a row it says offline, with the time of the last word, and goes on trying', async () => {
  let reachable = true;
  const { state, stream } = connect({
    ticket: async () => {
      if (!reachable) throw new Error('unreachable');
      return 'ticket';
    },
  });
  await settle();
  FakeSocket.last.open();
  const heard = Date.now();
  reachable = false;
  FakeSocket.last.cut();
  await vi.advanceTimersByTimeAsync(500 + 1000 + 2000);
  expect(state()).toBe('offline');
  expect(stream.connection.get().lastHeard).toBe(heard);
  reachable = true;
  await vi.advanceTimersByTimeAsync(4000);
  FakeSocket.last.open();
  expect(state()).toBe('connected');
});

test('a socket that answers no ping is given up', async () => {
  const { state } = connect();
  await settle();
  const silent = FakeSocket.last;
  silent.open();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(silent.sent).toContainEqual({ action: 'ping' });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(state()).toBe('reconnecting');
  expect(silent.readyState).toBe(3);
});

test('a frame that is not understood is passed over', async () => {
  const { onEnvelope } = connect();
  await settle();
  FakeSocket.last.open();
  for (const data of ['not json', '{"type":"of-tomorrow","items":[]}', 'null', '{"type":"stats"}']) {
    FakeSocket.last.onmessage({ data });
  }
  expect(onEnvelope).not.toHaveBeenCalled();
  FakeSocket.last.onmessage({ data: '{"type":"pong","items":[]}' });
  expect(onEnvelope).toHaveBeenCalledTimes(1);
});

test('stopped, it stays stopped', async () => {
  const { stream } = connect();
  await settle();
  FakeSocket.last.open();
  stream.stop();
  FakeSocket.last.cut();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(FakeSocket.all).toHaveLength(1);
});
