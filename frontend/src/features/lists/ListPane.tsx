import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { EntryTable } from './entries/EntryTable';
import { ListHeading } from './ListHeading';
import { useList } from './useList';

interface Props {
  name: string;
  text: string;
  onText: (text: string) => void;
  /** Back to all lists, where they are not beside it. */
  onClose: (() => void) | undefined;
  onGone: () => void;
}

/** One list: what it is for, and what is on it. */
export function ListPane({ name, text, onText, onClose, onGone }: Props) {
  const { data: tagged, error, refetch } = useList(name);
  return (
    <section
      aria-label={`List ${name}`}
      className="flex min-w-0 flex-1 flex-col overflow-hidden rounded-md border border-line bg-panel"
    >
      {!tagged && !error && (
        <div className="px-4 py-3">
          <SkeletonLines lines={6} />
        </div>
      )}
      {!tagged && error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {tagged && (
        <>
          <ListHeading {...tagged} onClose={onClose} onGone={onGone} />
          <EntryTable list={tagged.data} text={text} onText={onText} />
        </>
      )}
    </section>
  );
}
