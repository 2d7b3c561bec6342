import type { AlertDetail } from '@/shared/api/types';
import { count, plural } from '@/shared/format/number';
import { campaignWords } from '../words';
import { AlertEvents } from './AlertEvents';

const MOST_ACCOUNTS = 12;

/** All that an alert holds: its reasons over all events, its accounts if it is a campaign, its events. */
export function AlertContents({
  detail,
  onAccount,
}: {
  detail: AlertDetail;
  onAccount: (account: string) => void;
}) {
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
      <AlertEvents detail={detail} />
    </div>
  );
}
