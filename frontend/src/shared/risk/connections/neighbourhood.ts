import type { Neighbourhood, RiskLevel } from '@/shared/api/types';
import { LEVELS } from '../scores/levels';

export type Neighbour = Neighbourhood['nodes'][number];

/** A node with the place of its middle, and the riskiest of its dealings. */
export interface Placed extends Neighbour {
  x: number;
  y: number;
  level: RiskLevel;
  side: 'left' | 'middle' | 'right';
}

export interface Layout {
  nodes: readonly Placed[];
  links: readonly { from: Placed; to: Placed; events: number; risky: number; level: RiskLevel }[];
  height: number;
}

export const ROW = 30;
export const WIDTH = 466;
const X = { left: 58, middle: 233, right: 408 } as const;
const MOST_OTHERS = 9;

const riskier = (a: RiskLevel, b: RiskLevel): RiskLevel => (LEVELS.indexOf(a) >= LEVELS.indexOf(b) ? a : b);

/** The account at the left, its counterparties in the middle, who else deals with those at the right. */
export function layout({ account_id, nodes, links }: Neighbourhood): Layout {
  const counterparties = nodes.filter(({ kind }) => kind === 'counterparty');
  const others = nodes
    .filter(({ kind, id }) => kind === 'account' && id !== account_id)
    .slice(0, MOST_OTHERS);
  const rows = Math.max(counterparties.length, others.length, 1);
  const height = rows * ROW + 8;
  const levels = new Map<string, RiskLevel>();
  for (const { account_id: account, counterparty_id: counterparty, level } of links) {
    for (const key of [`account ${account}`, `counterparty ${counterparty}`])
      levels.set(key, riskier(level, levels.get(key) ?? 'LOW'));
  }
  const column = (all: readonly Neighbour[], side: Placed['side']): Placed[] =>
    all.map((node, i) => ({
      ...node,
      side,
      x: X[side],
      y: (height * (i + 0.5)) / all.length,
      level: levels.get(`${node.kind} ${node.id}`) ?? 'LOW',
    }));
  const self = nodes.filter(({ kind, id }) => kind === 'account' && id === account_id);
  const placed = [...column(self, 'left'), ...column(counterparties, 'middle'), ...column(others, 'right')];
  const find = (kind: Neighbour['kind'], id: string) =>
    placed.find((each) => each.kind === kind && each.id === id);
  return {
    height,
    nodes: placed,
    links: links.flatMap(({ account_id: account, counterparty_id: counterparty, events, risky, level }) => {
      const [from, to] = [find('account', account), find('counterparty', counterparty)];
      return from && to ? [{ from, to, events, risky, level }] : [];
    }),
  };
}

/** Where a node leads. */
export const pathOf = ({ kind, id }: Pick<Neighbour, 'kind' | 'id'>): string =>
  `/${kind === 'account' ? 'accounts' : 'counterparties'}/${encodeURIComponent(id)}`;
