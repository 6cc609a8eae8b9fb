import { hasUnknown, isRecord } from '../provider/property-values.ts';
import type { Properties } from '../provider/property-values.ts';
import { UNKNOWN_VALUE } from '../provider/protocol-marks.ts';
import { cloudType } from './cloud-types.ts';

/**
 * The inputs as Pulumi's provider of AWS keeps them, with what it was told itself: the region of a resource that names none, so that
 * another one of the provider makes it again there, and all tags. Resources of no region, such as roles, have none.
 * Source: pulumi-aws 7, provider/region.go (applyRegion) and provider/tags.go (applyTags), both before it checks
 *
 * @param provider what the provider of the resource was told
 */
export function withProvider(token: string, inputs: Properties, provider: Properties): Properties {
  const type = token.startsWith('aws:') ? cloudType(token) : undefined;
  const isRegional = Object.hasOwn(type?.inputs.properties ?? {}, 'region');
  const isTagged = Object.hasOwn(type?.outputs.properties ?? {}, 'tagsAll');
  const { region } = provider;
  const isPlaced = isRegional && region !== undefined && (inputs['region'] ?? null) === null;
  return {
    ...inputs,
    ...(isPlaced ? { region } : {}),
    ...(isTagged ? { tagsAll: allTags(inputs['tags'], provider) } : {}),
  };
}

function allTags(tags: unknown, provider: Properties): unknown {
  if (hasUnknown(tags) || hasUnknown(provider)) return UNKNOWN_VALUE;
  const merged = { ...tagsIn(provider['defaultTags']), ...(isRecord(tags) ? tags : {}) };
  const { keys, keyPrefixes } = memberOf(provider['ignoreTags']);
  const isIgnored = (tag: string): boolean =>
    listOf(keys).includes(tag) || listOf(keyPrefixes).some((prefix) => tag.startsWith(prefix));
  return Object.fromEntries(Object.entries(merged).filter(([tag]) => !isIgnored(tag)));
}

function tagsIn(value: unknown): Properties {
  const { tags } = memberOf(value);
  return isRecord(tags) ? tags : {};
}

/** What a provider is told is a text in JSON where it is more than a text. */
function memberOf(value: unknown): Properties {
  const given: unknown = typeof value === 'string' ? JSON.parse(value) : value;
  return isRecord(given) ? given : {};
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
