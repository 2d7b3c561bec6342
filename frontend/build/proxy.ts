import type { ProxyOptions } from 'vite';

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

/** Origin and path of a base URL, such as `http://127.0.0.1:4566` and `/_aws/execute-api/abc/$default`. */
function split(base: string): { origin: string; path: string } {
  const url = new URL(base);
  return { origin: `${url.protocol}//${url.host}`, path: withoutSlash(decodeURI(url.pathname)) };
}

/**
 * What stands in for CloudFront while developing: `/api`, `/docs`, `/redoc` and `/openapi.json` go to the HTTP
 * API, `/ws/risk-stream` to the WebSocket API. Either base may carry a path, which is put before the rest.
 */
export function developmentProxy(
  api: string | undefined,
  ws: string | undefined,
): Record<string, ProxyOptions> {
  const routes: Record<string, ProxyOptions> = {};
  if (api) {
    const { origin, path } = split(api);
    for (const prefix of ['/api', '/docs', '/redoc', '/openapi.json']) {
      routes[prefix] = { target: origin, changeOrigin: true, rewrite: (asked) => path + asked };
    }
  }
  if (ws) {
    const { origin, path } = split(ws);
    routes['/ws/risk-stream'] = {
      target: origin,
      ws: true,
      changeOrigin: true,
      rewrite: (asked) => asked.replace(/^\/ws\/risk-stream/, path),
    };
  }
  return routes;
}
