import type { Alert } from '@/shared/api/types';
import { moneyText } from '@/shared/format/money';
import { plural } from '@/shared/format/number';
import { DecisionTag } from '@/shared/risk/decisions/DecisionTag';
import { Age } from '@/shared/time/Age';
import { Moment } from '@/shared/time/Moment';
import { Fact, Facts } from '@/shared/ui/panels/Facts';
import { dispositionWord } from '../words';

/** What an alert gathers, and what has been done about it. */
export function AlertFacts({ alert, onAccount }: { alert: Alert; onAccount: (account: string) => void }) {
  return (
    <Facts>
      <Fact name={alert.account_count > 1 ? 'Riskiest account' : 'Account'}>
        <button
          type="button"
          className="text-left text-accent underline underline-offset-2"
          onClick={() => onAccount(alert.account_id)}
        >
          {alert.account_id}
        </button>
      </Fact>
      <Fact name="Gathers">
        {plural(alert.event_count, 'event')}
        {alert.event_count > 1 && <span className="text-faint">; above is the riskiest</span>}
      </Fact>
      {alert.at_risk && alert.at_risk.length > 0 && (
        <Fact name="At risk">
          {alert.at_risk.map((sum) => moneyText(sum.amount, sum.currency)).join(' · ')}
        </Fact>
      )}
      {alert.decision && (
        <Fact name="Decision">
          <DecisionTag action={alert.decision} />
          {alert.event_count > 1 && <span className="text-faint"> the strictest of its events</span>}
        </Fact>
      )}
      <Fact name="Opened">
        <span className="block">
          <Age at={alert.opened_at} suffix=" ago" />
        </span>
        <Moment at={alert.opened_at} />
      </Fact>
      {alert.event_count > 1 && (
        <Fact name="Last event">
          <Moment at={alert.last_occurred_at} />
        </Fact>
      )}
      {alert.acknowledged_at && (
        <Fact name="Acknowledged">
          <Moment at={alert.acknowledged_at} />
          {alert.acknowledged_by && <span className="block text-muted">by {alert.acknowledged_by}</span>}
        </Fact>
      )}
      {alert.resolved_at && (
        <Fact name="Resolved">
          <Moment at={alert.resolved_at} />
          {alert.resolved_by && <span className="block text-muted">by {alert.resolved_by}</span>}
        </Fact>
      )}
      {alert.merged_into && <Fact name="Part of">the campaign {alert.merged_into}</Fact>}
      {alert.suppressed_until && (
        <Fact name="Same finding">
          suppressed until <Moment at={alert.suppressed_until} />
          {alert.suppressed_count > 0 && (
            <span className="block text-muted">{plural(alert.suppressed_count, 'event')} so far</span>
          )}
        </Fact>
      )}
      {alert.disposition && <Fact name="Found to be">{dispositionWord(alert.disposition)}</Fact>}
      {alert.note && (
        <Fact name="Note">
          <span className="whitespace-pre-line">{alert.note}</span>
        </Fact>
      )}
    </Facts>
  );
}
