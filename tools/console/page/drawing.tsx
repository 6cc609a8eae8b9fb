import type { JSX } from 'preact';
import type { GraphLayout } from '../layout/graph-layout.ts';
import type { EdgeView } from '../../telemetry/explain/edge-view.ts';
import type { NodeView, PlatformView } from '../views/platform-view.ts';
import { go } from './place.tsx';
import { edgeAddress, edgeWords } from './edge-words.ts';

/** The declared graph with what was seen of each edge; the table below says the same in words. */
export function Drawing({
  layout,
  view,
}: {
  readonly layout: GraphLayout;
  readonly view: PlatformView;
}): JSX.Element {
  const edges = new Map(view.edges.map((edge) => [edge.id, edge]));
  const nodes = new Map(view.nodes.map((node) => [node.id, node]));
  const lines = new Set(layout.edges.map(({ id }) => id));
  const { width, height } = layout;
  return (
    <>
      <p class="turns">The map goes on to the right.</p>
      <div class="drawing" tabIndex={0} role="region" aria-label="The platform as a graph">
        <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
          {layout.edges.map(({ id, points }) => {
            const edge = edges.get(id);
            return edge === undefined ? null : (
              <Line key={id} edge={edge} points={points} slower={view.slower} />
            );
          })}
          {view.edges.map((edge) => {
            const points = lines.has(edge.id) ? undefined : straight(layout, edge);
            return points === undefined ? null : (
              <Line key={edge.id} edge={edge} points={points} slower={view.slower} />
            );
          })}
          {layout.nodes.map((placed) => (
            <Box key={placed.id} {...placed} node={nodes.get(placed.id)} />
          ))}
        </svg>
      </div>
    </>
  );
}

/** The line of an edge that nobody declared, so that it was not laid out; undefined if it leads out of the graph. */
function straight(
  { nodes }: GraphLayout,
  { from, to }: EdgeView,
): readonly (readonly [number, number])[] | undefined {
  const begin = nodes.find(({ id }) => id === from);
  const end = nodes.find(({ id }) => id === to);
  if (begin === undefined || end === undefined) return undefined;
  return [
    [begin.x + begin.width, begin.y + begin.height / 2],
    [end.x, end.y + end.height / 2],
  ];
}

function Line({
  edge,
  points,
  slower,
}: {
  readonly edge: EdgeView;
  readonly points: readonly (readonly [number, number])[];
  /** The id of the edge that has become slower. */
  readonly slower: string | null;
}): JSX.Element {
  const mark = edge.role === 'first' ? 'broke first' : edge.id === slower ? 'slower' : '';
  const line = points.map(([x, y]) => `${x},${y}`).join(' ');
  const [endX = 0, endY = 0] = points.at(-1) ?? [];
  const failing = edge.failing === null ? '' : 'failing';
  return (
    <g
      class={`edge ${edge.state} ${edge.role} ${failing} ${edge.id === slower ? 'slower' : ''}`}
      onClick={() => go(edgeAddress(edge.id))}
    >
      <title>{edgeWords(edge)}</title>
      <polyline points={line} class="grip" />
      <polyline points={line} class="line" />
      <polygon points={`${endX},${endY} ${endX - 7},${endY - 4} ${endX - 7},${endY + 4}`} />
      {mark === '' ? null : (
        <text x={endX - 12} y={endY - 8} class="mark">
          {mark}
        </text>
      )}
    </g>
  );
}

function Box({
  id,
  x,
  y,
  width,
  height,
  node,
}: GraphLayout['nodes'][number] & { readonly node: NodeView | undefined }): JSX.Element {
  return (
    <g class={`box ${node?.kind ?? ''} ${node?.state ?? ''} ${node?.role ?? ''}`}>
      <rect x={x} y={y} width={width} height={height} rx="5" />
      {node?.role === 'first' ? (
        <text x={x + width / 2} y={y - 6} class="mark">
          broke first
        </text>
      ) : null}
      <text x={x + width / 2} y={y + height / 2 + 4}>
        {id}
      </text>
    </g>
  );
}
