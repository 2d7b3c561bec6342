import Button from '@mui/material/Button';
import { useState } from 'react';
import type { RuleDefinition, RuleDetail } from '@/shared/api/types';
import { Age } from '@/shared/time/Age';
import { EffectName } from '../EffectName';
import { RuleStatusName } from '../RuleStatusName';
import { StageHistory } from './StageHistory';
import { VersionDiff } from './VersionDiff';

interface Props {
  rule: RuleDetail;
  onTake: ((definition: RuleDefinition) => void) | undefined;
}

/** Every version, each with what it changed, and every stage that the rule was in. */
export default function VersionsPanel({ rule, onTake }: Props) {
  const [open, setOpen] = useState<number | null>(rule.latest.version);
  return (
    <>
      <ol className="mb-5">
        {rule.versions.map((each, i) => {
          const before = rule.versions[i + 1];
          return (
            <li key={each.version} className="border-b border-line py-2 last:border-0">
              <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <span className="font-semibold">Version {each.version}</span>
                <RuleStatusName
                  status={each.status}
                  percent={each.status === 'live' ? rule.stage.percent : undefined}
                />
                <span className="text-muted">
                  <EffectName effect={each} />
                </span>
                <span className="text-xs text-faint">
                  <Age at={each.created_at} suffix=" ago" /> by {each.created_by}
                </span>
                <span className="ml-auto flex gap-1">
                  <Button
                    aria-expanded={open === each.version}
                    onClick={() => setOpen(open === each.version ? null : each.version)}
                  >
                    {before ? 'What changed' : 'Condition'}
                    <span className="sr-only"> in version {each.version}</span>
                  </Button>
                  {onTake && each.version !== rule.latest.version && (
                    <Button onClick={() => onTake(each)}>
                      Edit from it<span className="sr-only">, version {each.version}</span>
                    </Button>
                  )}
                </span>
              </div>
              {open === each.version && (
                <div className="mt-2 rounded-sm bg-sunken p-2">
                  {before ? (
                    <VersionDiff before={before} after={each} />
                  ) : (
                    <pre className="font-mono text-xs break-words whitespace-pre-wrap">{each.expression}</pre>
                  )}
                </div>
              )}
            </li>
          );
        })}
      </ol>
      <StageHistory stages={rule.stages} />
    </>
  );
}
