import Button from '@mui/material/Button';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useReducer, useState } from 'react';
import { KIND_WORDS } from '@/shared/entities/kinds';
import { plural } from '@/shared/format/number';
import { placeOf } from '@/shared/risk/connections/PartyLink';
import { LevelName } from '@/shared/risk/scores/LevelMark';
import { LEVEL } from '@/shared/risk/scores/levels';
import { sharingQuery } from '../actions/useSharing';
import {
  BOX,
  begin,
  DRAWN,
  type Edge,
  keyOf,
  layout,
  type Node,
  type Placed,
  type Sharing,
  walk,
} from './graph';

/** A graph that is walked: a node is picked, and then expanded, pinned, hidden or opened. */
export function SharingGraph({ start }: { start: Sharing }) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const root = keyOf(start.kind, start.value);
  const [graph, step] = useReducer(walk, start, (first) =>
    walk(begin(first.kind, first.value), { type: 'expand', sharing: first }),
  );
  const [picked, setPicked] = useState(root);
  const { nodes, width, height } = layout(graph);
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const node = byKey.get(picked) ?? byKey.get(root);
  const expand = async ({ kind, value }: Node) =>
    step({ type: 'expand', sharing: await cache.fetchQuery(sharingQuery(kind, value, DRAWN)) });
  return (
    <>
      <section aria-label="Graph of connections" tabIndex={0} className="max-h-[26rem] overflow-auto p-3">
        <svg
          width={width}
          height={height}
          className="block text-2xs"
          role="group"
          aria-label="Entities; a line for each two that share events"
        >
          {graph.edges.map((edge) => (
            <EdgeLine
              key={`${edge.from} ${edge.to}`}
              edge={edge}
              from={byKey.get(edge.from)}
              to={byKey.get(edge.to)}
            />
          ))}
          {nodes.map((each) => (
            <NodeBox key={each.key} node={each} picked={each === node} onPick={() => setPicked(each.key)} />
          ))}
        </svg>
      </section>
      {node && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-4 py-2">
          <LevelName level={node.level} />
          <span className="min-w-0 break-all">
            <span className="text-faint">{KIND_WORDS[node.kind].name}</span>{' '}
            {node.more ? `${node.more} more` : node.value}
          </span>
          <span className="ml-auto flex flex-wrap gap-1">
            {!node.more && (
              <>
                <Button onClick={() => void navigate(placeOf(node.kind, node.value))}>Open</Button>
                <Button disabled={node.expanded} onClick={() => void expand(node)}>
                  Expand
                </Button>
                <Button aria-pressed={node.pinned} onClick={() => step({ type: 'pin', key: node.key })}>
                  {node.pinned ? 'Unpin' : 'Pin'}
                </Button>
              </>
            )}
            <Button disabled={node.key === root} onClick={() => step({ type: 'hide', key: node.key })}>
              Hide
            </Button>
            <Button onClick={() => step({ type: 'tidy' })}>Keep pinned only</Button>
          </span>
        </div>
      )}
    </>
  );
}

function EdgeLine({ edge, from, to }: { edge: Edge; from: Placed | undefined; to: Placed | undefined }) {
  if (!from || !to) return null;
  const [a, b] = from.x <= to.x ? [from, to] : [to, from];
  const [ax, bx] = [a.x + BOX / 2, b.x - BOX / 2];
  const middle = (ax + bx) / 2;
  return (
    <path
      d={`M${ax} ${a.y}C${middle} ${a.y} ${middle} ${b.y} ${bx} ${b.y}`}
      fill="none"
      stroke="currentColor"
      strokeWidth={Math.min(1 + Math.log2(1 + edge.events) / 2, 4)}
      className={LEVEL[edge.level].mark}
      opacity="0.6"
    >
      <title>{plural(edge.events, 'event')}</title>
    </path>
  );
}

interface NodeProps {
  node: Placed;
  picked: boolean;
  onPick: () => void;
}

function NodeBox({ node, picked, onPick }: NodeProps) {
  const what = node.more ? `${node.more} more` : node.value;
  const short = shorten(what, 19 - KIND_WORDS[node.kind].name.length);
  const word = KIND_WORDS[node.kind].name;
  const name = `${word} ${what}, ${LEVEL[node.level].word} at most${node.pinned ? ', pinned' : ''}`;
  // What is seen is part of the name, so that it can be spoken to.
  const label = short === what ? name : `${name}, shown as ${word} ${short}`;
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onPick();
  };
  return (
    <g
      role="button"
      tabIndex={0}
      aria-label={label}
      aria-pressed={picked}
      onClick={onPick}
      onKeyDown={press}
      className="group cursor-pointer outline-none"
    >
      <title>{name}</title>
      <rect
        x={node.x - BOX / 2}
        y={node.y - 12}
        width={BOX}
        height="24"
        rx={node.kind === 'account' ? 12 : 4}
        className={`${picked ? 'fill-selected' : 'fill-panel'} ${node.pinned ? 'stroke-accent' : 'stroke-control'} group-focus-visible:stroke-accent group-focus-visible:stroke-[2.5px]`}
      />
      <circle
        cx={node.x - BOX / 2 + 12}
        cy={node.y}
        r="4"
        fill={node.level === 'LOW' ? 'none' : 'currentColor'}
        stroke="currentColor"
        strokeWidth="1.5"
        className={LEVEL[node.level].mark}
      />
      <text x={node.x - BOX / 2 + 22} y={node.y + 4} className="fill-faint">
        {`${word} `}
        <tspan className="fill-strong">{short}</tspan>
      </text>
    </g>
  );
}

/** Ids differ most at their ends. */
const shorten = (text: string, most: number): string =>
  text.length <= most
    ? text
    : `${text.slice(0, Math.floor(most / 3))}…${text.slice(-(most - 1 - Math.floor(most / 3)))}`;
