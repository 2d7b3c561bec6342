import Button from '@mui/material/Button';
import { Notice } from '@/shared/ui/notices/Notice';
import type { AlertFilter } from '../search';
import { sameFilter, VIEWS } from './views';

const NOTHING: Record<string, { title: string; text: string }> = {
  Queue: {
    title: 'The queue is empty',
    text: 'Everything raised so far has been dealt with. New alerts appear here.',
  },
  Mine: {
    title: 'Nothing is assigned to you',
    text: 'Press N to take the next alert that is unassigned, or M on any of them.',
  },
  Unassigned: {
    title: 'Nothing is unassigned',
    text: 'New alerts are unassigned at first, and appear here.',
  },
  Overdue: { title: 'Nothing is overdue', text: 'No alert that is to be dealt with has missed a deadline.' },
  Snoozed: { title: 'Nothing is snoozed', text: 'What is put off comes back to the queue by itself.' },
};

interface Props {
  filter: AlertFilter;
  onShow: (filter: Partial<AlertFilter>) => void;
}

/** Nothing to list: because all is done, or because of the filter. */
export default function AlertsEmpty({ filter, onShow }: Props) {
  const view = VIEWS.find((each) => sameFilter(each.filter, filter));
  const said = view && NOTHING[view.name];
  if (said) return <Notice title={said.title}>{said.text}</Notice>;
  return (
    <Notice
      title="No alerts match this filter"
      action={
        <Button variant="outlined" onClick={() => onShow({ status: 'all' })}>
          Show all alerts
        </Button>
      }
    >
      Try another status, a lower level or another account. An account has to be given exactly.
    </Notice>
  );
}
