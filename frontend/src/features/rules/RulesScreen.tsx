import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useCommands } from '@/shared/commands/registry';
import { useMay } from '@/shared/session/useMay';
import { DataTable } from '@/shared/ui/table/DataTable';
import { useAllHits } from './hits/useAllHits';
import { COLUMNS } from './list/columns';
import { RuleCard } from './list/RuleCard';
import { RulesEmpty } from './list/RulesEmpty';
import { RulesToolbar } from './list/RulesToolbar';
import { toRows } from './list/rows';
import { useRules } from './list/useRules';
import { readRulesSearch } from './search';

export function RulesScreen() {
  const search = useSearch({ from: '/shell/rules' });
  const navigate = useNavigate();
  const query = useRules(search.status);
  const { data: stats } = useAllHits();
  const mayDraft = useMay('rules:draft');
  const rows = useMemo(
    () => toRows(query.data?.pages.flatMap((page) => page.items) ?? [], stats, search.text ?? ''),
    [query.data, stats, search.text],
  );
  const change = (part: Record<string, unknown>) =>
    void navigate({
      to: '/rules',
      replace: true,
      search: (before) => readRulesSearch({ ...before, ...part }),
    });
  useCommands([
    {
      id: 'rules.new',
      group: 'Rules',
      name: 'New rule',
      keys: ['n'],
      when: mayDraft,
      run: () => void navigate({ to: '/rules/new' }),
    },
  ]);
  return (
    <div className="h-full p-3 sm:p-4">
      <title>Rules · Risk</title>
      <h1 className="sr-only">Rules</h1>
      <section
        aria-label="Rules"
        className="flex h-full min-w-0 flex-col overflow-hidden rounded-md border border-line bg-panel"
      >
        <RulesToolbar search={search} onChange={change} />
        <DataTable
          label="Rules, by name"
          columns={COLUMNS}
          rows={rows}
          rowId={({ rule }) => rule.id}
          query={query}
          empty={
            <RulesEmpty
              filtered={Boolean(search.status || search.text)}
              onReset={() => change({ status: undefined, text: undefined })}
            />
          }
          card={(row) => <RuleCard {...row} />}
          onOpen={({ rule }) => void navigate({ to: '/rules/$ruleId', params: { ruleId: rule.id } })}
        />
      </section>
    </div>
  );
}
