import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { AuditProof } from '@/shared/api/types';
import { verifyProof } from './proof';

const sha = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
const leafOf = (record: string) => sha(Uint8Array.of(0), Buffer.from(record));
const split = (n: number) => 2 ** Math.floor(Math.log2(n - 1));

/** As RFC 6962, 2.1 defines the root, and 2.1.1 the path: by recursion, unlike what is tested. */
function root(leaves: Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0] ?? Buffer.alloc(0);
  const k = split(leaves.length);
  return sha(Uint8Array.of(1), root(leaves.slice(0, k)), root(leaves.slice(k)));
}

function path(at: number, leaves: Buffer[]): Buffer[] {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return at < k ? [...path(at, left), root(right)] : [...path(at - k, right), root(left)];
}

function proofOf(index: number, size: number): AuditProof {
  const records = Array.from({ length: size }, (_, i) => `{"seq":${i + 1},"what":"ä"}`);
  const leaves = records.map(leafOf);
  const steps = path(index, leaves).map((step) => `${step.toString('base64')}\n`);
  const note = `realtime-risk/test/audit\n${size}\n${root(leaves).toString('base64')}\n\n— realtime-risk/test/audit c2ln\n`;
  return {
    seq: index + 1,
    record: records[index] ?? '',
    leaf_hash: leaves[index]?.toString('hex') ?? '',
    size,
    proof: `c2sp.org/tlog-proof@v1\nindex ${index}\n${steps.join('')}\n${note}`,
  };
}

test('every record of logs of many sizes is proven', async () => {
  for (let size = 1; size <= 17; size++) {
    for (let index = 0; index < size; index++) expect(await verifyProof(proofOf(index, size))).toBe(true);
  }
});

test('a record that was changed, moved or left alone by its path is not', async () => {
  const good = proofOf(5, 13);
  expect(await verifyProof({ ...good, record: good.record.replace('6', '7') })).toBe(false);
  expect(await verifyProof({ ...good, seq: 7 })).toBe(false);
  const lines = good.proof.split('\n');
  expect(await verifyProof({ ...good, proof: lines.toSpliced(2, 1).join('\n') })).toBe(false);
  expect(await verifyProof({ ...good, proof: lines.toSpliced(2, 0, lines[2] ?? '').join('\n') })).toBe(false);
  await expect(verifyProof({ ...good, proof: 'something else' })).rejects.toThrow('no proof');
});
