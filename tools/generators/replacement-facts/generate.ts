import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  cloudType,
  knownCloudTypes,
  referredTo,
} from '@meridian/provider-rehearsal/clouds/cloud-types.ts';
import type { CloudSchema } from '@meridian/provider-rehearsal/clouds/cloud-types.ts';
import type {
  ReplacementFact,
  ReplacementFacts,
} from '@meridian/provider-rehearsal/clouds/replaced/replacement-facts.ts';
import { terraformNames } from '../../terraform-plan/terraform-names.ts';
import type { TerraformFields } from '../../terraform-plan/terraform-names.ts';
import { singularForms } from '../terraform-names/generate.ts';
import { snakeCase } from '../terraform-names/terraform-types.ts';
import { AwsIndex, forcedByCode, packageOfFile } from './provider-sources.ts';
import { attributesOf } from './source-attributes.ts';
import type { SourceAttribute, SourceAttributes } from './source-attributes.ts';

/** What a type's properties do, by their paths; keys from the root, `*` is every member of a list. */
type Facts = Readonly<Record<string, ReplacementFact>>;

/**
 * Writes which properties of types of clouds make another resource by another value, from the source of their providers: the folder has
 * `terraform-provider-aws`, as the repository lonegunmanb/terraform-provider-aws-index has one of its versions, and
 * `terraform-provider-cloudflare` and `terraform-provider-random`, as they are. Throws Error for source that is not understood.
 */
export function generateReplacementFacts(folder: string, file: string): void {
  const index = new AwsIndex(path.join(folder, 'terraform-provider-aws'));
  const cloudflare = path.join(folder, 'terraform-provider-cloudflare/internal/services');
  const random = path.join(folder, 'terraform-provider-random');
  const types = knownCloudTypes().map((token) => {
    if (token.startsWith('aws:')) return [token, factsOfAws(token, index)] as const;
    const place = token.startsWith('random:')
      ? `internal/provider/resource_${nameOf(token).replace('random_', '')}.go`
      : `${nameOf(token)}/schema.go`;
    return [
      token,
      token.startsWith('random:')
        ? factsOfFile(token, path.join(random, place), place, 'Schema')
        : factsOfFile(token, path.join(cloudflare, place), place, 'ResourceSchema'),
    ] as const;
  });
  const versionOf = (provider: string): string => {
    const changes = readFileSync(path.join(folder, provider, 'CHANGELOG.md'), 'utf8');
    return `${provider} ${/^## (\S+)/m.exec(changes)?.[1] ?? ''}`;
  };
  const facts: ReplacementFacts = {
    sources: {
      aws: `terraform-provider-aws ${index.version}, internal/service; lines are those of the function`,
      cloudflare: `${versionOf('terraform-provider-cloudflare')}, internal/services`,
      random: versionOf('terraform-provider-random'),
    },
    types: Object.fromEntries(types),
  };
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, textOf(facts));
}

/** A line for each type, so that a change of one is seen. */
function textOf({ sources, types }: ReplacementFacts): string {
  const lines = Object.entries(types).map(
    ([token, facts]) => `${JSON.stringify(token)}:${JSON.stringify(facts)}`,
  );
  return `{"sources":${JSON.stringify(sources)},\n"types":{\n${lines.join(',\n')}\n}}\n`;
}

function factsOfAws(token: string, index: AwsIndex): Facts {
  const names = terraformNames().types[token];
  if (names === undefined) throw new Error(`Type '${token}': has no name in Terraform`);
  const type = index.type(names.type);
  const found = factsIn(attributesOf(type.source, type.schema), {
    schema: cloudType(token)?.inputs ?? {},
    fields: names.fields,
    place: token,
  });
  const byCode = [...forcedByCode(type)].flatMap(([attribute, at]) =>
    pathsOfAttribute(attribute, names.fields).map(
      (property) => [property, { when: 'condition', at }] as const,
    ),
  );
  return sorted({ ...Object.fromEntries(byCode), ...found });
}

/** A path of Terraform's, such as 'compute_config.0.node_role_arn', as Pulumi has it; none for what Pulumi does not have. */
function pathsOfAttribute(attribute: string, fields: TerraformFields): readonly string[] {
  const [name = '', ...rest] = attribute.split('.').filter((key) => key !== '0');
  const [property, field] = Object.entries(fields).find(([, one]) => one.name === name) ?? [];
  if (property === undefined) return [];
  if (rest.length === 0) return [property];
  return pathsOfAttribute(rest.join('.'), field?.fields ?? {}).map((one) => `${property}.${one}`);
}

function factsOfFile(token: string, file: string, place: string, schema: string): Facts {
  const source = packageOfFile(file, place);
  return sorted(
    factsIn(attributesOf(source, schema), {
      schema: cloudType(token)?.inputs ?? {},
      place: token,
    }),
  );
}

interface Within {
  readonly schema: CloudSchema;
  /** Names by Pulumi's, where a table has them. @default they follow from Pulumi's */
  readonly fields?: TerraformFields;
  readonly place: string;
}

/** Every fact about properties that a program can give; what is computed alone is not its choice. */
function factsIn(attributes: SourceAttributes, { schema, fields, place }: Within): Facts {
  const properties = Object.entries(referredTo(schema).properties ?? {});
  return Object.assign(
    {},
    ...properties.map(([property, given]) => {
      const attribute = attributeOf(property, attributes, fields);
      return attribute === undefined
        ? {}
        : factsAt(property, attribute, {
            schema: given,
            ...(fields === undefined ? {} : { fields: fields[property]?.fields ?? {} }),
            place: `${place}.${property}`,
          });
    }),
  ) as Facts;
}

function attributeOf(
  property: string,
  attributes: SourceAttributes,
  fields: TerraformFields | undefined,
): SourceAttribute | undefined {
  const names =
    fields === undefined ? singularForms(snakeCase(property)) : [fields[property]?.name ?? ''];
  const name = names.find((one) => Object.hasOwn(attributes, one));
  return name === undefined ? undefined : attributes[name];
}

function factsAt(property: string, { replaced, nested }: SourceAttribute, within: Within): Facts {
  const schema = referredTo(within.schema);
  const [type] = [schema.type].flat();
  // A whole block says all of its members, too.
  const isWhole = replaced?.when === 'always' || replaced?.when === 'given';
  const members = type === 'array' ? (schema.items ?? {}) : schema;
  const below =
    nested === undefined || isWhole ? {} : factsIn(nested, { ...within, schema: members });
  const prefix = type === 'array' ? `${property}.*` : property;
  return {
    ...(replaced === undefined ? {} : { [property]: ofPulumi(property, replaced) }),
    ...Object.fromEntries(Object.entries(below).map(([name, fact]) => [`${prefix}.${name}`, fact])),
  };
}

/** Where no name is given Pulumi gives another one, so a name that is taken away is a change. */
function ofPulumi(property: string, fact: ReplacementFact): ReplacementFact {
  return fact.when === 'given' && NAMED_BY_PULUMI.has(property)
    ? { ...fact, when: 'always' }
    : fact;
}

const NAMED_BY_PULUMI: ReadonlySet<string> = new Set([
  ...['name', 'bucket', 'clusterIdentifier', 'nodeGroupName', 'replicationGroupId'],
]);

function sorted(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Such as 'dns_record' for 'cloudflare:index/dnsRecord:DnsRecord'. */
function nameOf(token: string): string {
  return snakeCase(token.split(':').at(-1) ?? '');
}
