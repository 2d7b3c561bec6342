import { expect, test } from 'vitest';
import { developmentProxy } from './proxy';

const API = 'http://127.0.0.1:4566/_aws/execute-api/abc/$default';
const WS = 'ws://127.0.0.1:4566/_aws/execute-api/xyz/prod';
const routes = developmentProxy(API, WS);

test('a path of the API is put behind the path of its base', () => {
  expect(routes['/api']?.target).toBe('http://127.0.0.1:4566');
  expect(routes['/api']?.rewrite?.('/api/v1/health?x=1')).toBe(
    '/_aws/execute-api/abc/$default/api/v1/health?x=1',
  );
});

test('the socket keeps its ticket', () => {
  expect(routes['/ws/risk-stream']?.rewrite?.('/ws/risk-stream?ticket=t')).toBe(
    '/_aws/execute-api/xyz/prod?ticket=t',
  );
});

test('without a target nothing is proxied', () => {
  expect(developmentProxy(undefined, undefined)).toEqual({});
});
