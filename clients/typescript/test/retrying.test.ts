import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { retrying } from '../src/retrying.ts';

interface Seen {
  method: string;
  key: string | undefined;
  apiKey: string | undefined;
  body: string;
}

/** A server that answers with these statuses, one after the other, then 200. */
async function answering(statuses: number[], use: (url: string, seen: Seen[]) => Promise<void>) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      const { 'idempotency-key': key, 'x-api-key': apiKey } = request.headers;
      seen.push({ method: request.method ?? '', key: key as string, apiKey: apiKey as string, body });
      response.writeHead(statuses[seen.length - 1] ?? 200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen);
  } finally {
    server.close();
  }
}

const slept: number[] = [];
const sleep = async (ms: number) => {
  slept.push(ms);
};

test('a write keeps its idempotency key, its body and its credentials over retries', () =>
  answering([503, 429], async (url, seen) => {
    const answer = await retrying({ apiKey: 'rk_1', sleep })(
      new Request(`${url}/api/v1/labels`, { method: 'POST', body: '[1]' }),
    );
    assert.equal(answer.status, 200);
    assert.equal(seen.length, 3);
    assert.ok(seen[0]?.key);
    assert.deepEqual(new Set(seen.map((one) => `${one.key} ${one.body} ${one.apiKey}`)).size, 1);
    assert.equal(seen[0]?.apiKey, 'rk_1');
    assert.ok((slept[1] ?? 0) >= 200);
  }));

test('signing in is sent once, and what is refused is not tried again', () =>
  answering([503], async (url, seen) => {
    const once = await retrying({ sleep })(new Request(`${url}/api/v1/auth/login`, { method: 'POST', body: '{}' }));
    assert.equal(once.status, 503);
    assert.equal(seen.length, 1);
    assert.equal(seen[0]?.key, undefined);
  }));

test('a read is given up after the last attempt, with its answer', () =>
  answering([503, 503, 503], async (url, seen) => {
    const answer = await retrying({ attempts: 3, sleep })(new Request(`${url}/api/v1/alerts`));
    assert.equal(answer.status, 503);
    assert.equal(seen.length, 3);
  }));

test('a refusal is answered at once', () =>
  answering([409], async (url, seen) => {
    const answer = await retrying({ sleep })(new Request(`${url}/api/v1/alerts`));
    assert.equal(answer.status, 409);
    assert.equal(seen.length, 1);
  }));
