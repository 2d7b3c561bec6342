import { count } from '@/shared/format/number';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { SidePanel } from '@/shared/ui/panels/SidePanel';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { LetterBody } from './LetterBody';
import { useDeadLetter } from './useDeadLetters';

/** One dead letter: why it could not be scored, its record, and what is to become of it. */
export default function LetterPanel({ number, onClose }: { number: number; onClose: () => void }) {
  const letter = useDeadLetter(number);
  if (letter.data) return <LetterBody key={letter.data.outcome} letter={letter.data} onClose={onClose} />;
  return (
    <SidePanel wide title={`Dead letter ${count(number)}`} onClose={onClose}>
      {letter.error ? (
        <ProblemNotice error={letter.error} onRetry={() => void letter.refetch()} />
      ) : (
        <SkeletonLines lines={8} />
      )}
    </SidePanel>
  );
}
