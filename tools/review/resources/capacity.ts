import type { PropertyLine } from '../../meridian/rehearsal/changed-properties.ts';
import { quantityOf } from './amounts.ts';
import { sides } from './aspect.ts';
import type { Aspect, Told } from './aspect.ts';

/** Of what there was, from which on a zone misses too much. Source: the review's own threshold, a fifth. */
const STILL_ENOUGH = 0.8;

/** How many replicas there are, or may be. */
export function replicas(field: RegExp, property?: string): Aspect {
  return { field, tell: (_change, lines) => lines.map((line) => counted(line, property)) };
}

function counted(line: PropertyLine, property = line.property): Told {
  const [before, after] = [quantityOf(line.before), quantityOf(line.after)];
  const isLess = after === undefined || (before !== undefined && after <= before * STILL_ENOUGH);
  return {
    kind: isLess ? 'capacity-down' : 'scale-changed',
    property,
    ...sides(line),
    consequence: isLess ? 'a zone that is lost takes more of it' : 'it carries more or less',
  };
}

/** What a pod is given of a node. */
export function resources(field: RegExp): Aspect {
  return {
    field,
    tell: (_change, lines) =>
      lines.map((line) => ({
        kind: 'limits-changed',
        property: line.property,
        ...sides(line),
        consequence: 'it is stopped, slowed or placed at another load',
      })),
  };
}

/** How much all pods of a namespace may have together: less refuses some, and more is there for others to miss. */
export const quota: Aspect = {
  field: /^spec\b/,
  tell: (_change, lines) =>
    lines.map((line) => {
      const [before, after] = [quantityOf(line.before), quantityOf(line.after)];
      const isMore = before !== undefined && after !== undefined && after > before;
      return {
        kind: isMore ? 'scale-changed' : 'limits-changed',
        property: line.property,
        ...sides(line),
        consequence: isMore ? 'pods may have more together' : 'pods beyond it are refused',
      };
    }),
};

/** How replicas are spread over zones and nodes: what is gone is told, and so is another way. */
export function spread(field: RegExp): Aspect {
  return {
    field,
    isOfWholes: true,
    tell: (_change, lines) => {
      const [first] = lines;
      if (first === undefined) return [];
      const isGone = lines.every(({ after }) => after === undefined);
      return [
        {
          kind: 'capacity-down',
          property: 'spread over zones',
          before: lines.length === 1 ? sides(first).before : 'as it was',
          after: isGone ? 'none' : lines.length === 1 ? sides(first).after : 'another',
          consequence: isGone
            ? 'one zone may carry all replicas'
            : 'replicas may be in fewer zones than before',
        },
      ];
    },
  };
}

/** How many pods a drain takes at once. */
export const budget: Aspect = {
  field: /^spec\.(?:maxUnavailable|minAvailable|unhealthyPodEvictionPolicy|selector)\b/,
  isOfWholes: true,
  tell: ({ operation }, lines) => {
    if (operation === 'delete') {
      return [
        {
          kind: 'capacity-down',
          before: 'there',
          after: 'none',
          consequence: 'a drain takes as many replicas at once as a node has',
        },
      ];
    }
    return lines.map((line) => {
      const [before, after] = [quantityOf(line.before), quantityOf(line.after)];
      const isMost = line.property === 'spec.maxUnavailable';
      const isTighter =
        before !== undefined && after !== undefined && (isMost ? after < before : after > before);
      return {
        kind: isTighter ? 'scale-changed' : 'capacity-down',
        property: line.property,
        ...sides(line),
        consequence: isTighter ? 'a drain takes fewer at once' : 'a drain may take more at once',
      };
    });
  },
};
