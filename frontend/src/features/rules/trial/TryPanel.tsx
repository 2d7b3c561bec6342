import Button from '@mui/material/Button';
import { useEffect, useState } from 'react';
import { asProblem } from '@/shared/api/problem';
import { useAssessment } from '@/shared/risk/assessment/useAssessment';
import type { Draft } from '../draft/draft';
import { TextField } from '../draft/TextField';
import { SamplePicker } from './SamplePicker';
import { readSample, toSample, writeSample } from './sample';
import { TrialResult } from './TrialResult';
import { useTrial } from './useTrial';

/** Tries what is written, saved or not, on one event. */
export default function TryPanel({ draft }: { draft: Draft }) {
  const [picked, setPicked] = useState('');
  const [text, setText] = useState('');
  const trial = useTrial();
  const { data: assessment } = useAssessment(picked, picked !== '');
  useEffect(() => {
    if (assessment) setText(writeSample(toSample(assessment)));
  }, [assessment]);
  const sample = text.trim() ? readSample(text) : null;
  const wrong = typeof sample === 'string' ? sample : undefined;
  const refused = trial.error ? asProblem(trial.error) : null;
  return (
    <div className="flex flex-col gap-3">
      <SamplePicker value={picked} onPick={setPicked} />
      <TextField
        label="Event and features, as JSON"
        value={text}
        readOnly={false}
        rows={9}
        mono
        help="Features that are not given are not known. Change what you like, or paste your own."
        error={wrong}
        onChange={setText}
      />
      <div>
        <Button
          variant="contained"
          disabled={sample === null || wrong !== undefined || draft.expression.trim() === ''}
          loading={trial.isPending}
          onClick={() => sample && typeof sample !== 'string' && trial.mutate({ draft, sample })}
        >
          Try it on this event
        </Button>
      </div>
      {refused && (
        <div role="alert" className="rounded-sm bg-critical-wash px-3 py-2 text-critical">
          <p className="font-medium">{refused.title}</p>
          {refused.fields.length === 0 && <p>{refused.detail}</p>}
          {refused.fields.map(({ field, detail }) => (
            <p key={`${field} ${detail}`}>
              <span className="font-mono text-xs">{field}</span>: {detail}
            </p>
          ))}
        </div>
      )}
      {trial.data && !refused && <TrialResult result={trial.data} />}
    </div>
  );
}
