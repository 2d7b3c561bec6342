import IconButton from '@mui/material/IconButton';
import type { PolicyRule } from '@/shared/api/types';
import { DECISION } from '@/shared/risk/decisions/decisions';
import { Icon } from '@/shared/ui/Icon';
import { Tag } from '@/shared/ui/Tag';
import { conditionText, effectText } from './policy';

interface Props {
  rules: readonly PolicyRule[];
  editable: boolean;
  onEdit: (place: number) => void;
  onMove: (place: number, step: number) => void;
  onRemove: (place: number) => void;
}

/** The rules of a policy, the first to be asked above. */
export function PolicyRules({ rules, editable, onEdit, onMove, onRemove }: Props) {
  if (rules.length === 0) return <p className="text-muted">No rule: the fallback decides of every event.</p>;
  return (
    <ol aria-label="Rules of the policy, in order" className="divide-y divide-line">
      {rules.map((rule, place) => (
        <li key={rule.name} className="flex items-center gap-3 py-2">
          <span className="w-5 shrink-0 text-right text-faint tabular-nums">{place + 1}</span>
          <Tag look={rule.action ? DECISION[rule.action].look : 'plain'}>{effectText(rule)}</Tag>
          <span className="min-w-0 flex-1">
            <span className="block font-mono text-xs">{rule.name}</span>
            <span className="block break-words text-muted">{conditionText(rule)}</span>
          </span>
          {editable && (
            <span className="flex shrink-0">
              <IconButton
                aria-label={`Move ${rule.name} up`}
                disabled={place === 0}
                onClick={() => onMove(place, -1)}
              >
                <Icon name="up" size={14} />
              </IconButton>
              <IconButton
                aria-label={`Move ${rule.name} down`}
                disabled={place === rules.length - 1}
                onClick={() => onMove(place, 1)}
              >
                <Icon name="down" size={14} />
              </IconButton>
              <IconButton aria-label={`Edit ${rule.name}`} onClick={() => onEdit(place)}>
                <Icon name="settings" size={14} />
              </IconButton>
              <IconButton aria-label={`Remove ${rule.name}`} onClick={() => onRemove(place)}>
                <Icon name="close" size={14} />
              </IconButton>
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
