import type { components } from '@/shared/api/schema';
import type { RiskLevel } from '@/shared/api/types';
import type { EntityKind } from '@/shared/entities/kinds';

export type Sharing = components['schemas']['Sharing'];

/** An entity in the graph; `more` is one that stands for the rest of a kind, which is not drawn. */
export interface Node {
  key: string;
  kind: EntityKind;
  value: string;
  level: RiskLevel;
  /** How many steps from where one began. */
  depth: number;
  pinned: boolean;
  expanded: boolean;
  more: number;
}

export interface Edge {
  from: string;
  to: string;
  events: number;
  level: RiskLevel;
}

export interface Graph {
  nodes: readonly Node[];
  edges: readonly Edge[];
}

export type Step =
  | { type: 'expand'; sharing: Sharing }
  | { type: 'pin'; key: string }
  | { type: 'hide'; key: string }
  | { type: 'tidy' };

export const keyOf = (kind: EntityKind, value: string): string => `${kind} ${value}`;

export const begin = (kind: EntityKind, value: string): Graph => ({
  nodes: [
    { key: keyOf(kind, value), kind, value, level: 'LOW', depth: 0, pinned: true, expanded: false, more: 0 },
  ],
  edges: [],
});

/** The graph after a step. */
export function walk(graph: Graph, step: Step): Graph {
  switch (step.type) {
    case 'expand':
      return expand(graph, step.sharing);
    case 'pin':
      return {
        ...graph,
        nodes: graph.nodes.map((node) => (node.key === step.key ? { ...node, pinned: !node.pinned } : node)),
      };
    case 'hide':
      return only(graph, ({ key, depth }) => key !== step.key || depth === 0);
    case 'tidy':
      return only(graph, ({ pinned }) => pinned);
  }
}

function only({ nodes, edges }: Graph, kept: (node: Node) => boolean): Graph {
  const left = nodes.filter(kept).map((node) => ({ ...node, expanded: false }));
  const keys = new Set(left.map(({ key }) => key));
  return { nodes: left, edges: edges.filter(({ from, to }) => keys.has(from) && keys.has(to)) };
}

function expand(graph: Graph, { kind, value, level, kinds }: Sharing): Graph {
  const from = keyOf(kind, value);
  const self = graph.nodes.find(({ key }) => key === from);
  if (!self) return graph;
  const nodes = new Map(graph.nodes.map((node) => [node.key, node]));
  nodes.set(from, { ...self, level, expanded: true });
  const edges = new Map(graph.edges.map((edge) => [`${edge.from}→${edge.to}`, edge]));
  const common = { depth: self.depth + 1, pinned: false, expanded: false };
  for (const group of kinds) {
    for (const item of group.items) {
      const key = keyOf(group.kind, item.value);
      if (!nodes.has(key))
        nodes.set(key, { ...common, key, kind: group.kind, value: item.value, level: item.level, more: 0 });
      if (!edges.has(`${key}→${from}`))
        edges.set(`${from}→${key}`, { from, to: key, events: item.events, level: item.level });
    }
    const more = group.total - group.items.length;
    if (more > 0) {
      const key = `more ${from} ${group.kind}`;
      nodes.set(key, { ...common, key, kind: group.kind, value: from, level: 'LOW', more });
      edges.set(`${from}→${key}`, { from, to: key, events: more, level: 'LOW' });
    }
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** How many of a kind are drawn at each step. */
export const DRAWN = 6;

export const ROW = 30;
export const COLUMN = 220;
export const BOX = 168;

export interface Placed extends Node {
  x: number;
  y: number;
}

/** A column a step, each in the middle of the height; those pinned first, then by kind. */
export function layout(graph: Graph): { nodes: Placed[]; width: number; height: number } {
  const columns = new Map<number, Node[]>();
  for (const node of graph.nodes) columns.set(node.depth, [...(columns.get(node.depth) ?? []), node]);
  const rows = Math.max(1, ...[...columns.values()].map(({ length }) => length));
  const height = rows * ROW + 8;
  const nodes = [...columns].flatMap(([depth, column]) =>
    column
      .sort((a, b) => Number(b.pinned) - Number(a.pinned) || a.kind.localeCompare(b.kind) || a.more - b.more)
      .map((node, i) => ({
        ...node,
        x: depth * COLUMN + BOX / 2 + 4,
        y: (height * (i + 0.5)) / column.length,
      })),
  );
  return { nodes, height, width: Math.max(0, ...columns.keys()) * COLUMN + BOX + 8 };
}
