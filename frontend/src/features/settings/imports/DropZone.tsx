import Button from '@mui/material/Button';
import { type DragEvent, useRef, useState } from 'react';
import { asProblem } from '@/shared/api/problem';
import { Refused } from '@/shared/ui/notices/Refused';
import { ProgressBar } from './ProgressBar';
import { useUpload } from './useUpload';

const MAX_BYTES = 5 * 1024 ** 3;

/** Where a file is dropped or chosen; then how much of it is uploaded. */
export function DropZone({ onDone }: { onDone: (id: number) => void }) {
  const { upload, share, cancel } = useUpload(onDone);
  const [over, setOver] = useState(false);
  const [tooLarge, setTooLarge] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const take = (file: File | undefined) => {
    if (!file || upload.isPending) return;
    setTooLarge(file.size > MAX_BYTES);
    if (file.size <= MAX_BYTES) upload.mutate(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  const cancelled = upload.error?.name === 'AbortError';
  return (
    <section
      aria-label="Upload a file"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={`rounded-md border border-dashed px-4 py-5 text-center ${over ? 'border-accent bg-accent-wash' : 'border-control bg-panel'}`}
    >
      <Refused error={upload.error && !cancelled ? asProblem(upload.error) : null} />
      {tooLarge && (
        <p role="alert" className="mb-2 text-critical">
          A file has 5 GB at most. For larger ones there is <code>risk import</code>.
        </p>
      )}
      {upload.isPending ? (
        <div className="mx-auto flex max-w-md flex-col gap-2">
          <p>{upload.variables?.name}</p>
          <ProgressBar label="Uploaded" share={share} />
          <span>
            <Button onClick={cancel}>Cancel</Button>
          </span>
        </div>
      ) : (
        <>
          <p className="mb-2">
            Drop a file here: CSV, TSV, Excel, Parquet, JSON lines, ISO 20022 XML; also gzipped or zipped.
          </p>
          <Button variant="contained" onClick={() => input.current?.click()}>
            Choose a file…
          </Button>
          <input
            ref={input}
            type="file"
            hidden
            aria-label="File to import"
            onChange={(event) => {
              take(event.target.files?.[0]);
              event.target.value = ''; // the same one may be chosen again
            }}
          />
        </>
      )}
    </section>
  );
}
