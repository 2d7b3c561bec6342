import { lazy, Suspense, useReducer } from 'react';
import type { RuleDetail } from '@/shared/api/types';
import { useMay } from '@/shared/session/useMay';
import { Segments } from '@/shared/ui/fields/Segments';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { Card } from './Card';
import { begin, change } from './draft/draft';
import { RuleEditor } from './draft/RuleEditor';
import type { Tab } from './search';
import { useTab } from './useTab';

const TryPanel = lazy(() => import('./trial/TryPanel'));
const BacktestPanel = lazy(() => import('./backtest/BacktestPanel'));
const HitsPanel = lazy(() => import('./hits/HitsPanel'));
const VersionsPanel = lazy(() => import('./versions/VersionsPanel'));

const NAMES: Record<Tab, string> = { try: 'Try', backtest: 'Backtest', hits: 'Hits', versions: 'Versions' };

/** The definition, and beside it what it would do, did, and was. */
export function RuleWorkbench({ rule }: { rule: RuleDetail }) {
  const mayDraft = useMay('rules:draft');
  const [state, act] = useReducer(change, rule, ({ latest }) => begin(latest.version, latest));
  const { tab, setTab } = useTab(mayDraft);
  const tabs: Tab[] = mayDraft ? ['try', 'backtest', 'hits', 'versions'] : ['hits', 'versions'];
  return (
    <div className="grid items-start gap-3 sm:gap-4 lg:grid-cols-2">
      <RuleEditor rule={rule} state={state} onChange={act} />
      <Card
        title={NAMES[tab]}
        aside={
          <Segments
            label="Shown beside the definition"
            value={tab}
            options={tabs.map((value) => ({ value, label: NAMES[value] }))}
            onChange={setTab}
          />
        }
      >
        <Suspense fallback={<SkeletonLines lines={6} />}>
          {tab === 'try' && <TryPanel draft={state.draft} />}
          {tab === 'backtest' && <BacktestPanel rule={rule} />}
          {tab === 'hits' && <HitsPanel rule={rule} />}
          {tab === 'versions' && (
            <VersionsPanel
              rule={rule}
              onTake={mayDraft ? (definition) => act({ type: 'took', definition }) : undefined}
            />
          )}
        </Suspense>
      </Card>
    </div>
  );
}
