import { useRouter } from '@tanstack/react-router';
import type { RiskLevel } from '@/shared/api/types';
import { ChartFrame } from '@/shared/charts/ChartFrame';
import { count, plural } from '@/shared/format/number';
import { LevelName } from '../scores/LevelMark';
import { LEVEL } from '../scores/levels';
import { type Layout, layout, type Placed, pathOf, ROW, WIDTH } from './neighbourhood';
import { useNeighbourhood } from './useNeighbourhood';

const BOX = 112;

/** Who deals with whom around an alert: each node leads to its page. */
export function RelatedGraph({ alertId }: { alertId: string }) {
  const { data, error, isPending, refetch } = useNeighbourhood(alertId);
  const graph = data && layout(data);
  return (
    <ChartFrame
      bare
      title="Who deals with whom"
      unit={data ? `in its latest ${plural(data.events, 'event')}` : ''}
      height={(graph?.height ?? 4 * ROW) + 26}
      loading={isPending}
      error={error}
      onRetry={() => void refetch()}
      empty="This account has dealt with no counterparty yet."
      figures={{
        columns: ['Account', 'Counterparty', 'Events', 'Risky', 'Riskiest'],
        rows: (data?.links ?? []).map((link) => ({
          key: `${link.account_id} ${link.counterparty_id}`,
          cells: [
            link.account_id,
            link.counterparty_id,
            count(link.events),
            count(link.risky),
            <LevelName key="level" level={link.level} />,
          ],
        })),
      }}
    >
      {graph && (
        <>
          <div className="grid grid-cols-3 text-2xs text-faint">
            <span>This account</span>
            <span className="text-center">Its counterparties</span>
            <span className="text-right">Who else deals there</span>
          </div>
          <Drawing graph={graph} />
        </>
      )}
    </ChartFrame>
  );
}

function Drawing({ graph: { nodes, links, height } }: { graph: Layout }) {
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${height}`}
      className="block w-full text-2xs"
      style={{ maxHeight: height }}
      role="group"
      aria-label="Accounts and counterparties; the table view has their dealings"
    >
      {links.map(({ from, to, events, level }) => {
        const [a, b] = from.x < to.x ? [from, to] : [to, from];
        const [ax, bx] = [a.x + BOX / 2, b.x - BOX / 2];
        const middle = (ax + bx) / 2;
        return (
          <path
            key={`${from.id} ${to.id}`}
            d={`M${ax} ${a.y}C${middle} ${a.y} ${middle} ${b.y} ${bx} ${b.y}`}
            fill="none"
            stroke="currentColor"
            strokeWidth={Math.min(1 + Math.log2(1 + events) / 2, 4)}
            strokeDasharray={DASH[level]}
            className={LEVEL[level].mark}
            opacity="0.75"
          >
            <title>{`${from.id} with ${to.id}: ${plural(events, 'event')}, ${LEVEL[level].word} at most`}</title>
          </path>
        );
      })}
      {nodes.map((node) => (
        <Node key={`${node.kind} ${node.id}`} node={node} />
      ))}
    </svg>
  );
}

/** Risky dealings are whole lines, the others are broken. */
const DASH: Record<RiskLevel, string | undefined> = {
  LOW: '2 3',
  MEDIUM: '5 3',
  HIGH: undefined,
  CRITICAL: undefined,
};

function Node({ node }: { node: Placed }) {
  const { history } = useRouter();
  const path = pathOf(node);
  const signs = [
    node.unresolved > 0 && plural(node.unresolved, 'open alert'),
    node.confirmed > 0 && `${count(node.confirmed)} confirmed`,
  ].filter(Boolean);
  const name = `${node.kind === 'account' ? 'Account' : 'Counterparty'} ${node.id}, ${LEVEL[node.level].word} at most`;
  return (
    <a
      href={path}
      aria-label={[name, ...signs].join(', ')}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        history.push(path);
      }}
      className="group"
    >
      <title>{[name, ...signs].join(', ')}</title>
      <rect
        x={node.x - BOX / 2}
        y={node.y - 11}
        width={BOX}
        height="22"
        rx={node.kind === 'account' ? 11 : 4}
        className={`fill-panel group-hover:fill-hover ${node.side === 'left' ? 'stroke-accent' : 'stroke-control'} group-focus-visible:stroke-accent group-focus-visible:stroke-[2.5px]`}
      />
      <g transform={`translate(${node.x - BOX / 2 + 12} ${node.y})`} className={LEVEL[node.level].mark}>
        <path
          d={MARK[node.level]}
          fill={node.level === 'LOW' ? 'none' : 'currentColor'}
          stroke="currentColor"
        />
      </g>
      <text x={node.x - BOX / 2 + 21} y={node.y + 4} className="fill-strong">
        {shorten(node.id)}
        {node.confirmed > 0 && <tspan className="fill-critical font-semibold"> ✗{node.confirmed}</tspan>}
        {node.unresolved > 0 && node.side !== 'left' && (
          <tspan className="fill-muted"> !{node.unresolved}</tspan>
        )}
      </text>
    </a>
  );
}

const MARK: Record<RiskLevel, string> = {
  LOW: 'M-2.6 0a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0',
  MEDIUM: 'M0-3.4 3.4 0 0 3.4-3.4 0Z',
  HIGH: 'M0-3.4 3.6 3H-3.6Z',
  CRITICAL: 'M-1.6-3.6H1.6L3.6-1.6V1.6L1.6 3.6H-1.6L-3.6 1.6V-1.6Z',
};

const MOST_LETTERS = 13;

/** Ids differ most at their ends. */
const shorten = (id: string): string =>
  id.length <= MOST_LETTERS ? id : `${id.slice(0, 4)}…${id.slice(-(MOST_LETTERS - 5))}`;
