import elk from 'elkjs/lib/elk.bundled.js';
import type { ElkNode } from 'elkjs/lib/elk-api.js';
import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import { declaredEdges, declaredNodes } from '../../telemetry/explain/declared-edges.ts';

/** A box of the drawing, in pixels from its upper left corner. */
export interface PlacedNode {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A line of the drawing: its corners. */
export interface PlacedEdge {
  readonly id: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** The graph as it is drawn; made once, since it needs more memory than all else. */
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

const NODE = { height: 34, perCharacter: 7.6, padding: 22 } as const;

/** What waits stands left of what it waits for. Source: Eclipse Layout Kernel, "Layered". */
const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.spacing.nodeNodeBetweenLayers': '56',
  'elk.spacing.nodeNode': '16',
  'elk.layered.spacing.edgeNodeBetweenLayers': '12',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '7',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.randomSeed': '1',
};

/** Lays the declared graph out; the same graph gives the same drawing. */
export async function graphLayout(graph: PlatformGraph): Promise<GraphLayout> {
  const root: ElkNode = {
    id: 'platform',
    layoutOptions: OPTIONS,
    children: declaredNodes(graph).map(({ id }) => ({
      id,
      width: Math.round(id.length * NODE.perCharacter + NODE.padding),
      height: NODE.height,
    })),
    edges: declaredEdges(graph).map(({ id, from, to }) => ({ id, sources: [from], targets: [to] })),
  };
  const layout = await new elk.default().layout(root);
  return {
    width: Math.ceil(layout.width ?? 0),
    height: Math.ceil(layout.height ?? 0),
    nodes: (layout.children ?? []).map(({ id, x = 0, y = 0, width = 0, height = 0 }) => ({
      ...{ id, x, y, width, height },
    })),
    edges: (layout.edges ?? []).map(({ id, sections = [] }) => ({
      id,
      points: sections.flatMap(({ startPoint, bendPoints = [], endPoint }) =>
        [startPoint, ...bendPoints, endPoint].map(({ x, y }) => [x, y] as const),
      ),
    })),
  };
}
