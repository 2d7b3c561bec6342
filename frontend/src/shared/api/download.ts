import { client } from './client';
import { toProblem, unreachable } from './problem';
import type { paths } from './schema';

/** Hands the browser a file under `name`. */
export function saveFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  follow(url, name);
  // The browser reads it after this returns.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function follow(href: string, name: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.click();
}

type Exported = '/api/v1/risk/history/export' | '/api/v1/alerts/export' | '/api/v1/audit/logs/export';

/** Fetches an export and saves it: small ones are the answer itself, large ones are where its link leads. */
export async function saveExport<Path extends Exported>(
  path: Path,
  query: NonNullable<paths[Path]['get']['parameters']['query']>,
): Promise<void> {
  const asked = client.GET(path as Exported, { params: { query: query as object }, parseAs: 'blob' });
  const { data, error, response } = await asked.catch(() => {
    throw unreachable();
  });
  if (!response.ok || !data) throw toProblem(response.status, error);
  const content = data as unknown as Blob;
  if (/^application\/json\b(?!l)/.test(response.headers.get('content-type') ?? '')) {
    const { url } = JSON.parse(await content.text()) as { url: string };
    follow(url, '');
    return;
  }
  const named = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  saveFile(content, named ?? `export.${query.format ?? 'csv'}`);
}
