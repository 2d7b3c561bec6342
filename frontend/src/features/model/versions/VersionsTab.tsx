import { useMemo, useState } from 'react';
import type { ModelSummary } from '@/shared/api/types';
import { useMay } from '@/shared/session/useMay';
import { Notice } from '@/shared/ui/notices/Notice';
import { DataTable } from '@/shared/ui/table/DataTable';
import type { Wanted } from '../wanted';
import { ChangeDialog } from './ChangeDialog';
import { ModelCard } from './ModelCard';
import { modelColumns } from './modelColumns';
import { Stages } from './Stages';
import { useModels } from './useModels';

/** Which versions there are, and what was in force when. */
export default function VersionsTab() {
  const mayPromote = useMay('models:promote');
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const query = useModels();
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const columns = useMemo(() => modelColumns(mayPromote ? setWanted : undefined), [mayPromote]);
  return (
    <>
      <section aria-label="Versions" className="overflow-hidden rounded-md border border-line bg-panel">
        <DataTable
          fit
          label="Versions of the model, newest first"
          columns={columns}
          rows={rows}
          rowId={(model: ModelSummary) => model.version}
          query={query}
          empty={<Notice title="There are no models">Train one: risk train --publish</Notice>}
          card={(model) => <ModelCard model={model} onWant={mayPromote ? setWanted : undefined} />}
        />
      </section>
      <Stages />
      {wanted && <ChangeDialog wanted={wanted} onClose={() => setWanted(null)} />}
    </>
  );
}
