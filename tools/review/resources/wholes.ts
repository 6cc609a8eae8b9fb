import { UNKNOWN_VALUE } from '@meridian/provider-rehearsal/provider/protocol-marks.ts';
import { objectOf } from '@meridian/policies/cluster-object.ts';
import { holdsCloudData } from '@meridian/policies/rules/cloud-data.ts';
import { holdsData } from '@meridian/policies/rules/data.ts';
import type { Told } from './aspect.ts';
import { namedPlaces, sides } from './aspect.ts';
import type { ObjectChange } from './object-change.ts';

/** What is known of data before a change. */
export interface HeldData {
  /** What Pulumi refused to delete, with the data that go with it, by URN. */
  readonly held: ReadonlyMap<string, string>;
  /** In words, which data an object holds that is not protected. */
  readonly dataOf: (change: ObjectChange) => string;
}

/** What becomes of an object's data: gone, replaced by something empty, or no longer protected. */
export function dataChanges(change: ObjectChange, { held, dataOf }: HeldData): readonly Told[] {
  const { operation, formerUrn, isProtected, isMoved } = change;
  const wasProtected = held.has(formerUrn);
  const kept = held.get(formerUrn) ?? (isOfData(change) ? dataOf(change) : undefined);
  if (operation === 'delete' && kept !== undefined) {
    return [
      {
        kind: 'data-deleted',
        before: kept,
        after: 'none',
        consequence: 'nothing of it is left but a backup',
      },
    ];
  }
  if (operation === 'replace' && kept !== undefined) {
    return [
      {
        kind: 'data-replaced',
        before: kept,
        after: 'empty',
        consequence: isMoved
          ? 'the program has it under another name without an alias: the old one is deleted with its data'
          : 'another one comes in its place, with nothing of it',
        ...clueOf(change),
      },
    ];
  }
  if (wasProtected && operation !== 'delete' && !isProtected) {
    return [
      {
        kind: 'data-unprotected',
        property: 'protect',
        before: 'on',
        after: 'off',
        consequence: 'a line that is taken out of a declaration deletes it',
      },
    ];
  }
  return [];
}

/**
 * What makes another one of it, by which the line is found that says so. Where nothing differs of what replaces it, it refers to something that is made
 * again itself, and will be told another number only then.
 */
function clueOf({ properties, replacing }: ObjectChange): Pick<Told, 'clue'> {
  const [property] = replacing;
  if (property === undefined) return {};
  const why = properties.find((one) => replacing.includes(one.property));
  return {
    clue:
      why === undefined
        ? { property, before: 'the one before', after: UNKNOWN_VALUE }
        : { property: why.property, ...sides(why) },
  };
}

/** Objects that are made again for another content, which is told by itself. */
const REPLACED_BY_CONTENT: ReadonlySet<string> = new Set([
  'core:ConfigMap',
  'core:Secret',
  'batch:Job',
]);

/** What is said of a replacement that takes no data along. */
export function replacement(change: ObjectChange): readonly Told[] {
  const { operation, kind, replacing, isMoved } = change;
  if (operation !== 'replace' || (REPLACED_BY_CONTENT.has(kind) && !isMoved)) return [];
  return [
    {
      kind: 'replaced',
      ...(replacing.length === 0 ? {} : { property: namedPlaces(replacing) }),
      consequence: isMoved
        ? 'the program has it under another name without an alias: the old one is deleted'
        : isOtherNetwork(kind, replacing)
          ? 'it does not deploy as it is: AWS refuses a second subnet whose addresses overlap with those of one that is there, and deletes none that something stands in'
          : 'it is away until the other one is there',
      ...clueOf(change),
    },
  ];
}

/**
 * Whether a subnet has other addresses within its network, where the new one is made beside the old.
 * Source: Amazon EC2 API, errors InvalidSubnet.Conflict of CreateSubnet and DependencyViolation of DeleteSubnet
 */
function isOtherNetwork(kind: string, replacing: readonly string[]): boolean {
  return kind === 'ec2:Subnet' && replacing.includes('cidrBlock') && !replacing.includes('vpcId');
}

function isOfData({ type, before }: ObjectChange): boolean {
  if (before === undefined) return false;
  return holdsCloudData({ kind: type }) || holdsData(objectOf(before, false));
}
