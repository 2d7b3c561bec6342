import { useState } from 'react';
import type { RiskLevel } from '@/shared/api/types';
import { count } from '@/shared/format/number';
import { LevelMark } from '@/shared/risk/scores/LevelMark';
import { LEVEL } from '@/shared/risk/scores/levels';
import { Segments } from '@/shared/ui/fields/Segments';
import { Notice } from '@/shared/ui/notices/Notice';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { QualityCourse } from './QualityCourse';
import { QualityTable } from './QualityTable';
import { useQuality } from './useQuality';

const LEVELS = (['MEDIUM', 'HIGH', 'CRITICAL'] as const).map((value) => ({
  value: value as RiskLevel,
  label: (
    <>
      <LevelMark level={value} size={11} /> {LEVEL[value].word}
      {value !== 'CRITICAL' && '+'}
    </>
  ),
}));

/** How good the judgements were, by what was learnt later. */
export default function QualityTab({ days }: { days: number }) {
  const { data: quality, error, refetch } = useQuality(days);
  const [level, setLevel] = useState<RiskLevel>('HIGH');
  if (!quality) {
    return error ? (
      <ProblemNotice error={error} onRetry={() => void refetch()} />
    ) : (
      <SkeletonLines lines={8} />
    );
  }
  if (quality.labelled === 0) {
    return (
      <section className="rounded-md border border-line bg-panel">
        <Notice title="Nothing can be measured yet">
          None of the {count(quality.unlabelled)} events of this time has a label. Labels come from resolved
          alerts, and from whoever sends them.
        </Notice>
      </section>
    );
  }
  const at = <Segments label="Called risky from" value={level} options={LEVELS} onChange={setLevel} />;
  return (
    <div className="flex flex-col gap-3 sm:gap-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
        <span>
          {count(quality.labelled)} labelled events, {count(quality.frauds)} of them frauds;{' '}
          {count(quality.unlabelled)} without a label measure nothing.
        </span>
        <span className="ml-auto flex items-center gap-2">Called risky from {at}</span>
      </div>
      <QualityCourse quality={quality} level={level} />
      <div className="grid items-start gap-3 sm:gap-4 lg:grid-cols-2">
        <QualityTable
          title="Levels"
          of="Called risky from"
          rows={quality.levels
            .filter((each) => each.level !== 'LOW')
            .map((rates) => ({ key: rates.level, level: rates.level, rates }))}
        />
        <QualityTable
          title="Versions of the model"
          of="Scorer"
          rows={quality.scorers.flatMap((scorer) => {
            const rates = scorer.levels.find((each) => each.level === level);
            return rates ? [{ key: scorer.scorer, name: scorer.scorer, rates }] : [];
          })}
        />
        <QualityTable
          title="Rules, live"
          of="Rule"
          empty="No rule hit a live event in this time."
          rows={quality.rules.map((rule) => ({ key: rule.rule_id, name: rule.name, rates: rule }))}
        />
      </div>
    </div>
  );
}
