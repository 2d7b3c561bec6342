import type { Alert, AlertDetail } from '@/shared/api/types';
import { LevelName } from '@/shared/risk/scores/LevelMark';
import { Age } from '@/shared/time/Age';
import { StatusName } from '../list/StatusName';

interface Props {
  detail: AlertDetail;
  onSelect: (alert: string) => void;
}

/** Other alerts of the account, and of others with the same counterparty. */
export function RelatedAlerts({ detail, onSelect }: Props) {
  const { related_by_account: own, related_by_counterparty: others } = detail;
  if (own.length + others.length === 0)
    return <p className="text-muted">There is no other alert of this account or counterparty.</p>;
  return (
    <>
      <Alerts title="Of this account" alerts={own} onSelect={onSelect} />
      <Alerts title={`Of others with ${detail.counterparty_id}`} alerts={others} onSelect={onSelect} />
    </>
  );
}

interface AlertsProps {
  title: string;
  alerts: readonly Alert[];
  onSelect: (alert: string) => void;
}

function Alerts({ title, alerts, onSelect }: AlertsProps) {
  if (alerts.length === 0) return null;
  return (
    <>
      <h4 className="mt-2 mb-1 text-muted first:mt-0">{title}</h4>
      <ul>
        {alerts.map((alert) => (
          <li key={alert.id}>
            <button
              type="button"
              onClick={() => onSelect(alert.id)}
              className="grid w-full grid-cols-[5rem_1fr_auto] items-center gap-x-2 rounded-xs py-1 text-left -outline-offset-1 hover:bg-hover"
            >
              <LevelName level={alert.level} />
              <span className="truncate text-muted" title={alert.reason_text}>
                {alert.reason_text}
              </span>
              <span className="text-faint">
                <StatusName alert={alert} pending={undefined} />, <Age at={alert.opened_at} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
