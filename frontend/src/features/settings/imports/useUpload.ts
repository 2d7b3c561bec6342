import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { client, unwrap } from '@/shared/api/client';
import { Problem } from '@/shared/api/problem';
import { IMPORTS } from './useImports';

const TRIES = 3;

/** Sends a part of a file to its address; `onSent` hears how many bytes of it are on their way. */
function put(url: string, body: Blob, onSent: (bytes: number) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch does not tell how much is sent
    const fail = () =>
      reject(
        new Problem(request.status, 'The file was not taken', 'Check your connection, and try it again.'),
      );
    request.open('PUT', url);
    request.upload.onprogress = ({ loaded }) => onSent(loaded);
    request.onload = () => (request.status === 200 ? resolve() : fail());
    request.onerror = fail;
    request.onabort = () => reject(new DOMException('Cancelled', 'AbortError'));
    signal.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}

async function send(file: File, onShare: (share: number) => void, signal: AbortSignal): Promise<number> {
  const body = { name: file.name, size: file.size, currency: 'EUR', labels: true };
  const { id, parts } = await unwrap(client.POST('/api/v1/imports', { body }));
  for (let part = 1; part <= parts; part += 1) {
    const params = { path: { import_id: id, part } };
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      // An address ends after an hour: each part gets its own when it is its turn.
      const { url, start, bytes } = await unwrap(
        client.GET('/api/v1/imports/{import_id}/parts/{part}', { params, signal }),
      );
      const sent = (length: number) => onShare((start + length) / file.size);
      try {
        await put(url, file.slice(start, start + bytes), sent, signal);
        break;
      } catch (error) {
        if (attempt === TRIES || signal.aborted) throw error;
      }
    }
  }
  const params = { path: { import_id: id } };
  await unwrap(client.POST('/api/v1/imports/{import_id}/uploaded', { params }));
  return id;
}

/** Uploads a file in parts, straight to the bucket. `share` is how much of it is sent, 0 to 1. */
export function useUpload(onDone: (id: number) => void) {
  const cache = useQueryClient();
  const [share, setShare] = useState(0);
  const controller = useRef(new AbortController());
  const upload = useMutation({
    mutationFn: (file: File) => {
      controller.current = new AbortController();
      setShare(0);
      return send(file, setShare, controller.current.signal);
    },
    onSuccess: onDone,
    onSettled: () => cache.invalidateQueries({ queryKey: IMPORTS }),
  });
  return { upload, share, cancel: () => controller.current.abort() };
}
