import Button from '@mui/material/Button';
import { useMutation } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import { saveFile } from '@/shared/api/download';
import { asProblem } from '@/shared/api/problem';
import type { AuditProof } from '@/shared/api/types';
import { Icon } from '@/shared/ui/Icon';
import { verifyProof } from './proof';

interface Checked {
  proof: AuditProof;
  holds: boolean;
}

/** Fetches the proof of a record, checks it here, in the browser, and saves it for anyone else to check. */
export function ProofButtons({ seq }: { seq: number }) {
  const asking = useMutation({
    mutationFn: async (): Promise<Checked> => {
      const proof = await unwrap(client.GET('/api/v1/audit/proof/{seq}', { params: { path: { seq } } }));
      return { proof, holds: await verifyProof(proof) };
    },
  });
  const found = asking.data;
  const problem = asking.error && asProblem(asking.error);
  if (!found) {
    return (
      <>
        <Button
          variant="outlined"
          color="inherit"
          loading={asking.isPending}
          startIcon={<Icon name="audit" size={14} />}
          onClick={() => asking.mutate()}
        >
          Prove it
        </Button>
        {problem && (
          <p role="alert" className="mt-2 text-critical">
            {problem.title}. {problem.detail}
          </p>
        )}
      </>
    );
  }
  const { proof, holds } = found;
  return (
    <>
      <p role="status" data-proof={holds} className={`mb-2 ${holds ? 'text-accent' : 'text-critical'}`}>
        {holds
          ? `Checked in this browser: the checkpoint over ${proof.size} records holds it.`
          : 'The proof does not lead from this record to the root that was signed.'}
      </p>
      <span className="flex flex-wrap gap-2">
        <Button
          variant="outlined"
          color="inherit"
          startIcon={<Icon name="download" size={14} />}
          onClick={() => saveFile(new Blob([proof.proof]), `audit-${seq}.tlog-proof`)}
        >
          Proof
        </Button>
        <Button
          variant="outlined"
          color="inherit"
          startIcon={<Icon name="download" size={14} />}
          onClick={() => saveFile(new Blob([proof.record]), `audit-${seq}.json`)}
        >
          Record
        </Button>
      </span>
    </>
  );
}
