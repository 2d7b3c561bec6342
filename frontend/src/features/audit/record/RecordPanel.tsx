import type { AuditRecord } from '@/shared/api/types';
import { count } from '@/shared/format/number';
import { Moment } from '@/shared/time/Moment';
import { CopyText } from '@/shared/ui/CopyText';
import { Notice } from '@/shared/ui/notices/Notice';
import { Fact, Facts } from '@/shared/ui/panels/Facts';
import { Section } from '@/shared/ui/panels/Section';
import { SidePanel } from '@/shared/ui/panels/SidePanel';
import { Outcome } from '../columns';
import { inWords } from '../words';
import { PersonalValues } from './PersonalValues';
import { ProofButtons } from './ProofButtons';

interface Props {
  seq: number;
  record: AuditRecord | undefined;
  nameOf: (actor: string) => string;
  /** Left out for who may not erase. */
  onErase: ((value: string) => void) | undefined;
  onClose: () => void;
}

/** One record in full, and the proof that it is what was signed. */
export default function RecordPanel({ seq, record, nameOf, onErase, onClose }: Props) {
  const title = `Record ${count(seq)}`;
  if (!record) {
    return (
      <SidePanel title={title} onClose={onClose} footer={<ProofButtons seq={seq} />}>
        <Notice title="This record is not in the list">
          It is further down, or the filters leave it out. Its proof can be had all the same.
        </Notice>
      </SidePanel>
    );
  }
  const name = nameOf(record.actor);
  return (
    <SidePanel title={title} onClose={onClose} footer={<ProofButtons seq={seq} />}>
      <div className="pb-4">
        <p className="mb-3 flex items-center gap-2 text-md font-semibold">
          {inWords(record.action)} <Outcome of={record} />
        </p>
        <Facts>
          <Fact name="At">
            <Moment at={record.at} />
          </Fact>
          <Fact name="Who">
            {name}
            {name !== record.actor && (
              <span className="block font-mono text-2xs break-all text-faint">{record.actor}</span>
            )}
          </Fact>
          <Fact name="On what">
            <span className="break-all">{record.subject}</span>
          </Fact>
          {record.request_id && (
            <Fact name="Request">
              <CopyText text={record.request_id} label="request id" />
            </Fact>
          )}
        </Facts>
      </div>
      <Section title="Details">
        {Object.keys(record.details).length === 0 ? (
          <p className="text-muted">None.</p>
        ) : (
          <pre className="overflow-x-auto rounded-sm bg-sunken p-2.5 font-mono text-xs" tabIndex={0}>
            {JSON.stringify(record.details, null, 2)}
          </pre>
        )}
      </Section>
      <Section title="Personal values">
        <PersonalValues of={record} onErase={onErase} />
      </Section>
      <Section title="In the tree">
        <p className="mb-1 text-muted">SHA-256 of a zero byte and the record:</p>
        <CopyText text={record.leaf_hash} label="hash" />
      </Section>
    </SidePanel>
  );
}
