import type { RuleSummary, RulesStats } from '@/shared/api/types';

/** A rule with what it hit. */
export interface RuleRow {
  rule: RuleSummary;
  /** Live and in shadow together; null while it is not known. */
  hits: number | null;
  /** Of all events; null when there were none. */
  hitRate: number | null;
  /** Share of fraud in labelled hits; null without labels. */
  precision: number | null;
  labelled: number;
  lastHit: string | null;
}

/** The rules whose name or owner holds `text`, each with its hits. */
export function toRows(
  rules: readonly RuleSummary[],
  stats: RulesStats | undefined,
  text: string,
): readonly RuleRow[] {
  const byId = new Map(stats?.items.map((each) => [each.rule_id, each]));
  const wanted = text.trim().toLowerCase();
  return rules
    .filter((rule) => `${rule.name} ${rule.latest.owner}`.toLowerCase().includes(wanted))
    .map((rule) => {
      const found = byId.get(rule.id);
      const hits = stats ? (found ? found.live + found.shadow : 0) : null;
      return {
        rule,
        hits,
        hitRate: hits !== null && stats && stats.events > 0 ? hits / stats.events : null,
        precision: found && found.labelled > 0 ? found.frauds / found.labelled : null,
        labelled: found?.labelled ?? 0,
        lastHit: found?.last_hit_at ?? null,
      };
    });
}
