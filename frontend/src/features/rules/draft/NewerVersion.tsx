import Button from '@mui/material/Button';
import { useEffect } from 'react';
import type { RuleDetail } from '@/shared/api/types';
import { Age } from '@/shared/time/Age';
import { VersionDiff } from '../versions/VersionDiff';
import { type Draft, toDefinition } from './draft';

interface Props {
  rule: RuleDetail;
  draft: Draft;
  changed: boolean;
  onBegin: () => void;
}

/** Somebody saved a version meanwhile: what they wrote beside what the reader wrote. Nothing typed: it is just shown. */
export default function NewerVersion({ rule, draft, changed, onBegin }: Props) {
  useEffect(() => {
    if (!changed) onBegin();
  }, [changed, onBegin]);
  if (!changed) return null;
  const { latest } = rule;
  return (
    <div role="alert" className="mb-4 rounded-sm bg-medium-wash px-3 py-2.5">
      <p className="mb-1 text-medium">
        <span className="font-medium">
          {latest.created_by} saved version {latest.version} <Age at={latest.created_at} suffix=" ago" />.
        </span>{' '}
        Your text is kept below. This is how it differs from theirs:
      </p>
      <VersionDiff before={latest} after={toDefinition(draft)} />
      <div className="mt-2">
        <Button variant="outlined" color="inherit" onClick={onBegin}>
          Go on from version {latest.version}
        </Button>
      </div>
    </div>
  );
}
