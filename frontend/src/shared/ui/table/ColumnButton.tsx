import Button from '@mui/material/Button';
import { lazy, Suspense, useState } from 'react';
import { Icon } from '@/shared/ui/Icon';
import type { Column } from './columns';
import type { ColumnChoice } from './useColumnChoice';

const ColumnMenu = lazy(() => import('./ColumnMenu')) as unknown as typeof import('./ColumnMenu').default;

/** Opens the choice of columns. There is none on a phone: cards have no columns. */
export function ColumnButton<Row>({
  columns,
  choice,
}: {
  columns: readonly Column<Row>[];
  choice: ColumnChoice;
}) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [used, setUsed] = useState(false);
  return (
    <span className="max-sm:hidden">
      <Button
        variant="outlined"
        color="inherit"
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        startIcon={<Icon name="table" size={14} />}
        onClick={(event) => {
          setUsed(true);
          setAnchor(event.currentTarget);
        }}
      >
        Columns
      </Button>
      {used && (
        <Suspense>
          <ColumnMenu anchor={anchor} columns={columns} choice={choice} onClose={() => setAnchor(null)} />
        </Suspense>
      )}
    </span>
  );
}
