import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import { asProblem } from '@/shared/api/problem';
import { Icon } from '@/shared/ui/Icon';
import { KeyHint } from './KeyHint';
import type { useDesk } from './useDesk';

interface Props {
  desk: ReturnType<typeof useDesk>;
  onShow: (id: string) => void;
}

const MOST_TOLD = 4;

/** What became of the last thing done: with its undoing, or with what happened instead. */
export default function OutcomeBar({ desk, onShow }: Props) {
  const { outcome, undoable } = desk;
  if (!outcome) return null;
  const problem = outcome.error && asProblem(outcome.error);
  const { refusals } = outcome;
  return (
    <div
      data-outcome={problem ? 'error' : refusals.length > 0 ? 'refused' : 'done'}
      className={`flex shrink-0 items-start gap-3 border-t border-line px-4 py-1.5 ${problem || refusals.length > 0 ? 'bg-medium-wash' : 'bg-canvas'}`}
    >
      <div className="min-w-0 flex-1 py-1">
        {outcome.text && <p className="truncate">{outcome.text}</p>}
        {problem && (
          <p role="alert">
            <span className="font-medium">Not done: {problem.title}.</span> {problem.detail}
          </p>
        )}
        {refusals.slice(0, MOST_TOLD).map((each) => (
          <p key={each.id}>
            <button
              type="button"
              className="font-medium underline underline-offset-2"
              onClick={() => onShow(each.id)}
            >
              {each.account}
            </button>
            , not done: {each.text}
          </p>
        ))}
        {refusals.length > MOST_TOLD && <p>and {refusals.length - MOST_TOLD} more.</p>}
      </div>
      {problem && <Button onClick={desk.again}>Try again</Button>}
      {outcome.undo && outcome.undo === undoable && (
        <Button onClick={desk.undo} aria-keyshortcuts="Z" endIcon={<KeyHint name="Z" />}>
          Undo
        </Button>
      )}
      <IconButton aria-label="Dismiss" onClick={desk.dismiss}>
        <Icon name="close" size={12} />
      </IconButton>
    </div>
  );
}
