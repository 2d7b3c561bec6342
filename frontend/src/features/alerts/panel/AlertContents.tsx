import type { AlertDetail } from '@/shared/api/types';
import { moneyText } from '@/shared/format/money';
import { count, plural, score } from '@/shared/format/number';
import { LevelName } from '@/shared/risk/scores/LevelMark';
import { Age } from '@/shared/time/Age';
import { campaignWords } from '../words';

const MOST_ACCOUNTS = 12;
const MOST_EVENTS = 12;

/** All that an alert holds: its reasons over all events, its accounts if it is a campaign, its events. */
export function AlertContents({
  detail,
  onAccount,
}: {
  detail: AlertDetail;
  onAccount: (account: string) => void;
}) {
  const events = detail.events.slice(0, MOST_EVENTS);
  return (
    <div className="flex flex-col gap-4">
      <ul>
        {detail.reasons.map((reason) => (
          <li key={reason.code} className="grid grid-cols-[1fr_auto] gap-x-3 py-0.5">
            <span>{reason.text}</span>
            <span className="text-right text-faint">{plural(reason.event_count, 'event')}</span>
          </li>
        ))}
      </ul>
      {detail.account_count > 1 && (
        <div>
          <h4 className="mb-1 text-muted">{campaignWords(detail)}</h4>
          <ul className="grid grid-cols-2 gap-x-3">
            {detail.accounts.slice(0, MOST_ACCOUNTS).map((each) => (
              <li key={each.account_id} className="flex justify-between gap-x-2">
                <button
                  type="button"
                  className="truncate py-0.5 text-accent underline underline-offset-2"
                  onClick={() => onAccount(each.account_id)}
                >
                  {each.account_id}
                </button>
                <span className="text-faint tabular-nums">{count(each.event_count)}</span>
              </li>
            ))}
          </ul>
          {detail.account_count > MOST_ACCOUNTS && (
            <p className="text-faint">and {plural(detail.account_count - MOST_ACCOUNTS, 'more account')}</p>
          )}
        </div>
      )}
      <table className="w-full">
        <caption className="pb-1 text-left text-muted">
          {detail.event_count > events.length
            ? `The last ${events.length} of ${count(detail.event_count)} events`
            : plural(detail.event_count, 'event')}
        </caption>
        <tbody>
          {events.map((event) => (
            <tr key={event.sequence}>
              <td className="py-0.5 pr-3">
                <LevelName level={event.level} />
              </td>
              <td className="pr-3 text-right tabular-nums">{score(event.score)}</td>
              <td className="pr-3 text-right tabular-nums">
                {event.amount == null ? '' : moneyText(event.amount, event.currency)}
              </td>
              <td className="max-w-40 truncate pr-3 text-muted">{event.counterparty_id}</td>
              <td className="text-right text-faint">
                <Age at={event.occurred_at} suffix=" ago" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
