import { useMay } from '@/shared/session/useMay';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { Pane } from '../Pane';
import { ConfigForm } from './ConfigForm';
import { useTaggedConfiguration } from './useTaggedConfiguration';
import { Versions } from './Versions';

/** Where one level ends and the next begins, what raises an alert, and every version that there was of it. */
export default function ConfigSection() {
  const read = useTaggedConfiguration();
  const may = useMay('config:write');
  return (
    <Pane
      title="Thresholds and alerts"
      about={
        may
          ? 'Where one level ends and the next begins, and what raises an alert. In force within a second; what is scored already stays as it is.'
          : 'Where one level ends and the next begins, and what raises an alert. Only an administrator can change it.'
      }
    >
      <div className="min-h-0 flex-1 overflow-y-auto pb-4">
        {read.isPending && <SkeletonLines lines={10} />}
        {read.error && <ProblemNotice error={read.error} onRetry={() => void read.refetch()} />}
        {read.data && (
          <>
            <ConfigForm
              key={read.data.configuration.version}
              configuration={read.data.configuration}
              tag={read.data.tag}
              readOnly={!may}
            />
            <Versions present={read.data.configuration.version} tag={read.data.tag} readOnly={!may} />
          </>
        )}
      </div>
    </Pane>
  );
}
