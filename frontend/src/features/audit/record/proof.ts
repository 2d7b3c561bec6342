import type { AuditProof } from '@/shared/api/types';

const LEAF = 0;
const NODE = 1;

type Hash = Uint8Array<ArrayBuffer>;

async function sha256(...parts: Uint8Array[]): Promise<Hash> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
}

const fromBase64 = (text: string): Hash => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
const equal = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i]);

/** The parts of a C2SP tlog-proof, and of the checkpoint in it. */
function parse(text: string): { index: number; path: Hash[]; size: number; root: Hash } {
  const end = text.indexOf('\n\n');
  const [kind, at, ...path] = text.slice(0, end).split('\n');
  const [, size, root] = text.slice(end + 2).split('\n');
  if (kind !== 'c2sp.org/tlog-proof@v1' || !at?.startsWith('index ') || !size || !root) {
    throw new Error('this is no proof of a log');
  }
  return {
    index: Number(at.slice(6)),
    path: path.map(fromBase64),
    size: Number(size),
    root: fromBase64(root),
  };
}

/**
 * The root that a leaf and its path lead to (RFC 9162, 2.1.3.2), or null if the path is not of that length. In
 * numbers up to 2 to the 53rd, for which bit operations would be too narrow.
 */
async function rootOf(leaf: Hash, index: number, size: number, path: readonly Hash[]): Promise<Hash | null> {
  let [node, last, found] = [index, size - 1, leaf];
  for (const step of path) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      found = await sha256(Uint8Array.of(NODE), step, found);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else {
      found = await sha256(Uint8Array.of(NODE), found, step);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 ? found : null;
}

/**
 * Whether the record of a proof is in the tree whose root its checkpoint says. Who signed the checkpoint is not
 * looked at: keep the key elsewhere, and verify the file with it.
 */
export async function verifyProof({ seq, record, proof }: AuditProof): Promise<boolean> {
  const { index, path, size, root } = parse(proof);
  if (index !== seq - 1 || index >= size) return false;
  const leaf = await sha256(Uint8Array.of(LEAF), new TextEncoder().encode(record));
  const found = await rootOf(leaf, index, size, path);
  return found !== null && equal(found, root);
}
