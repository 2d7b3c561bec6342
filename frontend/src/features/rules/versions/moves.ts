import type { RuleDetail, RuleStatus } from '@/shared/api/types';

/** One way that a version may go. */
export interface Move {
  version: number;
  from: RuleStatus;
  to: RuleStatus;
  /** As a button says it. */
  name: string;
}

const NEXT: Record<RuleStatus, readonly RuleStatus[]> = {
  draft: ['shadow', 'archived'],
  shadow: ['live', 'draft', 'archived'],
  live: ['live', 'shadow', 'archived'],
  archived: ['draft'],
};

const NAME: Record<RuleStatus, string> = {
  draft: 'Back to draft',
  shadow: 'Put in shadow',
  live: 'Put live',
  archived: 'Archive',
};

function named(from: RuleStatus, to: RuleStatus): string {
  if (from === 'live' && to === 'live') return 'Change its share';
  if (from === 'live' && to === 'shadow') return 'Back to shadow';
  return NAME[to];
}

/** Where the newest version and the live one may go, the step ahead first. The server decides. */
export function moves(rule: Pick<RuleDetail, 'stage' | 'status' | 'latest' | 'versions'>): Move[] {
  const status = (version: number): RuleStatus =>
    rule.versions.find((each) => each.version === version)?.status ?? 'draft';
  const live = rule.stage.live_version;
  const subjects = [rule.latest.version, ...(live && live !== rule.latest.version ? [live] : [])];
  const found = subjects.flatMap((version) =>
    NEXT[status(version)].map((to) => ({
      version,
      from: status(version),
      to,
      name: `${named(status(version), to)}${to === 'archived' || subjects.length === 1 ? '' : ` (v${version})`}`,
    })),
  );
  // To archive concerns the rule as a whole: said once.
  return found.filter((move, i) => found.findIndex((each) => each.name === move.name) === i);
}

/** Why somebody may not put a version live, though their role would allow it. */
export function needsAnother(
  rule: Pick<RuleDetail, 'second_person' | 'versions'>,
  move: Pick<Move, 'to' | 'version'>,
  email: string | null,
): boolean {
  const author = rule.versions.find(({ version }) => version === move.version)?.created_by;
  return rule.second_person && move.to === 'live' && author === email;
}
